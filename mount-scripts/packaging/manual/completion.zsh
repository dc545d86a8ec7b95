# Completion of aeiou for zsh. Of a network it tells the names that the daemon knows already, and waits for them no
# longer than two seconds, whatever the daemon does. The functions of the commands are made of the program's own
# description.

# Puts where networks are mounted into 'reply'.
_aeiou_find_mounted() {
  local line
  local -a fields
  reply=()
  while IFS= read -r line; do
    fields=(${(s: :)line})
    if [[ $fields[3] == fuse.aeiou ]]; then reply+=("${(g:o:)fields[2]}"); fi
  done < /proc/self/mounts
}

_aeiou_mounted() {
  local -a reply
  _aeiou_find_mounted
  _wanted mounted expl 'mounted network' compadd -- $reply
}

# Names below the mount point. $1 is 'system' for systems only.
_aeiou_paths() {
  local network=${(Q)opt_args[--mount]} directory='' name descriptor place
  local -a reply names directories files
  if [[ -z $network ]]; then
    _aeiou_find_mounted
    for place in $reply; do
      if [[ $PWD/ == $place/* ]] || (($#reply == 1)); then network=$place; fi
    done
  fi
  [[ -n $network ]] || return 1
  if [[ ${(Q)PREFIX} == $network/* ]]; then compset -P "${(q)network}/"; fi
  if [[ $PREFIX == */* ]]; then
    directory=${(Q)PREFIX%/*}/
    compset -P '*/'
  fi
  local -i deadline=$((SECONDS + 2))
  exec {descriptor}< <(exec timeout -s KILL 5 ls -1pU -- "$network/.cached/$directory" 2> /dev/null)
  while ((SECONDS < deadline)) && IFS= read -r -t 1 -u $descriptor name; do names+=("$name"); done
  exec {descriptor}<&-
  if (($#names == 0)); then
    # So that they are known the next time. It is not waited for; a directory is listed, no value is read.
    (timeout -s KILL 5 ls -U -- "$network/$directory" < /dev/null > /dev/null 2>&1 &)
  fi
  directories=(${${(M)names:#*/}%/})
  files=(${names:#*/})
  if [[ $1 == system ]]; then
    _wanted systems expl system compadd -- $directories
  else
    _wanted directories expl directory compadd -S / -q -- $directories
    if [[ $1 == assignment ]]; then
      _wanted attributes expl attribute compadd -S = -- $files
    else
      _wanted attributes expl attribute compadd -- $files
    fi
  fi
}

_aeiou_systems() { _aeiou_paths system; }
_aeiou_assignments() { [[ $PREFIX == *=* ]] || _aeiou_paths assignment; }
_aeiou_configurations() { _files -g '*.(yaml|yml)(-.)'; }
