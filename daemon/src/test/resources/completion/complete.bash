# complete.bash FILE LINE...: what bash completes at the end of each line, as readline would ask for it, on a line each.
. /usr/share/bash-completion/bash_completion
# As it is loaded: within a function.
load() { . "$1"; }
load "$1"
# Only readline's own can say what is done with what is found.
compopt() { :; }

# Takes a line apart as readline does: at spaces, and around what is in COMP_WORDBREAKS.
split() {
  local rest=$1
  COMP_WORDS=()
  while [[ $rest =~ ^(\ *)([=:]+|[^=:\ ]+)(.*)$ ]]; do
    COMP_WORDS+=("${BASH_REMATCH[2]}")
    rest=${BASH_REMATCH[3]}
  done
  if [[ $1 == *[\ =:] ]]; then COMP_WORDS+=(''); fi
}

for line in "${@:2}"; do
  COMP_LINE=$line COMP_POINT=${#line}
  split "$line"
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  _aeiou
  printf '%s\n' "${COMPREPLY[*]}"
done
