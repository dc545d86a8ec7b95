# Completion of aeiou for bash. Of a network it tells the names that the daemon knows already, and waits for them no
# longer than two seconds, whatever the daemon does. The tables above are made of the program's own description of its
# commands.

# Where networks are mounted.
_aeiou_mounted() {
  local place type _
  while read -r _ place type _; do
    if [[ $type == fuse.aeiou ]]; then printf '%b\n' "$place"; fi
  done < /proc/self/mounts
}

# The network that names are of: the one that --mount says, that the shell stands in, or that is the only one.
_aeiou_network() {
  local mounted place
  if [[ -n $1 ]]; then
    printf '%s\n' "$1"
    return
  fi
  mapfile -t mounted < <(_aeiou_mounted)
  for place in "${mounted[@]}"; do
    if [[ $PWD/ == "$place"/* ]] || ((${#mounted[@]} == 1)); then
      printf '%s\n' "$place"
      return
    fi
  done
}

# Puts the known names in a directory of a network into 'names'; directories have a slash behind them.
_aeiou_names() {
  local network=$1 directory=$2 descriptor all=''
  names=()
  exec {descriptor}< <(exec timeout -s KILL 5 ls -1pU -- "$network/.cached/$directory" 2> /dev/null)
  # With what came in time.
  IFS= read -r -d '' -t 2 -u "$descriptor" all
  exec {descriptor}<&-
  if [[ -n $all ]]; then
    mapfile -t names <<< "${all%$'\n'}"
  else
    # So that they are known the next time. It is not waited for; a directory is listed, no value is read.
    (timeout -s KILL 5 ls -U -- "$network/$directory" < /dev/null > /dev/null 2>&1 &)
  fi
}

# Names below the mount point. $2 is 'system' for systems only.
_aeiou_paths() {
  local network typed=$1 what=$2 before='' directory='' name names
  network=$(_aeiou_network "$3")
  [[ -n $network ]] || return
  # As shells write them down.
  typed=${typed#[\"\']}
  typed=${typed//\\/}
  if [[ $typed == "$network"/* ]]; then
    before=$network/
    typed=${typed#"$before"}
  fi
  if [[ $typed == */* ]]; then directory=${typed%/*}/; fi
  _aeiou_names "$network" "$directory"
  for name in "${names[@]}"; do
    if [[ $directory$name == "$typed"* ]]; then COMPREPLY+=("$before$directory$name"); fi
  done
  compopt -o filenames
  if [[ $what == system ]]; then
    # A system is a directory, and so is what is above several: there may be more to type.
    COMPREPLY=("${COMPREPLY[@]%/}")
    compopt -o nospace
  elif [[ $what == assignment && ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} != */ ]]; then
    COMPREPLY=("${COMPREPLY[0]}=")
  fi
  if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[/=] ]]; then compopt -o nospace; fi
}

# Completes one argument: what it may be, what of it is there, and where the network is mounted, if that was said.
_aeiou_argument() {
  local kind=$1 typed=$2 network=$3 name before
  case $kind in
    mounted) mapfile -t COMPREPLY < <(_aeiou_mounted | while read -r name; do
      if [[ $name == "$typed"* ]]; then printf '%s\n' "$name"; fi
    done) && compopt -o filenames ;;
    directory) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -d -- "$typed") ;;
    file) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -- "$typed") ;;
    configuration)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -X '!*.y?(a)ml' -- "$typed"; compgen -d -- "$typed")
      ;;
    system | path) _aeiou_paths "$typed" "$kind" "$network" ;;
    assignment) [[ $typed == *=* ]] || _aeiou_paths "$typed" assignment "$network" ;;
    words*)
      # Several, with commas between them.
      before=''
      if [[ $kind == words,* && $typed == *,* ]]; then before=${typed%,*},; fi
      mapfile -t COMPREPLY < <(compgen -P "$before" -W "${kind#* }" -- "${typed#"$before"}")
      ;;
  esac
}

_aeiou() {
  local cur words cword command='' network='' option='' value word kinds i position=0 extglob
  _get_comp_words_by_ref -n =: cur words cword
  extglob=$(shopt -p extglob)
  shopt -s extglob
  COMPREPLY=()
  for ((i = 1; i < cword; i++)); do
    word=${words[i]}
    value=''
    option=''
    case $word in
      -*=*)
        option=${word%%=*}
        value=${word#*=}
        ;;
      -*)
        if [[ -n ${_aeiou_values[$command $word]+set} ]]; then
          option=$word
          if ((++i == cword)); then break; fi
          value=${words[i]}
        fi
        ;;
      *)
        if [[ " ${_aeiou_commands[${command:- }]-} " == *" $word "* ]]; then
          command=${command:+$command }$word
          position=0
        else
          ((position++))
        fi
        ;;
    esac
    if [[ $option == --mount ]]; then network=${value//\\/}; fi
    option=''
  done
  if [[ -n $option ]]; then
    _aeiou_argument "${_aeiou_values[$command $option]}" "$cur" "$network"
  elif [[ $cur == --*=* ]]; then
    option=${cur%%=*}
    cur=${cur#*=}
    _aeiou_argument "${_aeiou_values[$command $option]-}" "$cur" "$network"
  elif [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "${_aeiou_options[${command:- }]-}" -- "$cur")
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
  elif ((position == 0)) && [[ -n ${_aeiou_commands[${command:- }]-} ]]; then
    mapfile -t COMPREPLY < <(compgen -W "${_aeiou_commands[${command:- }]}" -- "$cur")
  else
    IFS='|' read -r -a kinds <<< "${_aeiou_parameters[${command:- }]-}"
    if ((${#kinds[@]} > 0)); then
      # The last one may be there several times.
      if ((position >= ${#kinds[@]})) && [[ ${kinds[-1]} == *... ]]; then position=$((${#kinds[@]} - 1)); fi
      _aeiou_argument "${kinds[position]%...}" "$cur" "$network"
    fi
  fi
  __ltrim_colon_completions "$cur"
  $extglob
}

complete -F _aeiou aeiou
