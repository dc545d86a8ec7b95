# complete.zsh FOLDER LINE...: what zsh completes at the end of each line, typed into an interactive one, on a line each.
zmodload zsh/zpty
folder=$1
found=$(mktemp)
typeset said

# Until the shell has said something.
await() {
  while [[ $said != *$1* ]]; do zpty -r shell said || exit 1; done
  said=
}

zpty shell zsh -f -i
# What is to be offered goes into a file.
zpty -w shell "
PS1=; fpath=($folder \$fpath); autoload -Uz compinit; compinit -D -u; unsetopt automenu listbeep; LISTMAX=0
bindkey '^I' complete-word; zstyle ':completion:*' menu no
compadd() {
  local -a __found
  if [[ \${@[1,(i)(-|--)]} != *-(O|A|D)* ]]; then
    builtin compadd -A __found \"\$@\"
    print -rl -- \$__found >> $found
  fi
  builtin compadd \"\$@\"
}
done-completing() { print -r -- COMPLE''TED > /dev/tty; zle send-break; }
zle -N done-completing; bindkey '^X' done-completing
print -r -- READ''Y"
await READY
for line in "${@:2}"; do
  : > $found
  zpty -w -n shell "$line"$'\t\x18'
  await COMPLETED
  print -r -- ${(f)"$(< $found)"}
done
zpty -d shell
rm -f $found
