# SPDX-License-Identifier: ISC
# bash completion for postclerk(1); tests/documents holds it against the program.
# bash 4.4, and _filedir of bash-completion where it is there.

# What each subcommand takes: options (those with "=" take a value), then "files" or
# "dir" when its operands are those.
declare -gA _postclerk_words=(
	[init]='--shop= --address= --language= --currency= --time-zone= --country= dir'
	[serve]='--process='
	[fetch]=''
	[ingest]='--wait --maildir= files'
	[send]=''
	[tick]=''
	[do]='--as= --thread='
	[show]=''
	[search]=''
	[list]=''
	[demo-data]='--customers= --seed= --orders-per-customer='
	[import]='--format= --channel= files'
	[export]=''
	[agent add]='--role= --full-name= --language='
	[agent list]=''
	[agent revoke]='--leave'
	[shop list]=''
	[shop set]=''
	[paytype list]=''
	[paytype set]=''
	[paytype remove]=''
	[terms list]=''
	[terms set]=''
	[terms remove]=''
	[channel list]=''
	[channel set]=''
	[channel remove]=''
	[pricelist list]=''
	[pricelist set]=''
	[pricelist remove]=''
	[season list]=''
	[season set]=''
	[season remove]=''
	[vat list]=''
	[vat set]=''
	[vat remove]=''
	[mail inspect]='files'
	[mail trim]='--text files'
	[mail classify]='files'
	[template eval]='--jsonl'
	[template check]=''
	[template vars]=''
	[template preview]='--data= --open files'
	[template gallery]='dir'
	[reprocess]='--all'
	[fsck]=''
)

_postclerk_paths() {
	if [[ $1 = dir ]]; then mapfile -t COMPREPLY < <(compgen -d -- "$2")
	else mapfile -t COMPREPLY < <(compgen -f -- "$2")
	fi
	compopt -o filenames 2>/dev/null
}

_postclerk_agents() {
	"$1" ${2:+--desk "$2"} agent list 2>/dev/null | awk '{ print $1 }'
}

# The values of an option; nothing where they are anything.
_postclerk_value() {
	local words=
	case $1 in
	--desk | --maildir) _postclerk_paths dir "$cur"; return ;;
	--as) words=$(_postclerk_agents "$program" "$desk") ;;
	--role) words='agent warehouse accounting admin' ;;
	--format) words='jsonl shopify-csv shopify-json woocommerce-json amazon-tsv' ;;
	--process) words='desk outbox inbox:' ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

_postclerk() {
	local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local program=${COMP_WORDS[0]} desk=${POSTCLERK_DESK:-} verb= next= i row word
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $word = --desk ]]; then
			desk=${COMP_WORDS[++i]}
		elif [[ $word != -* && ! -v _postclerk_words[$verb] ]]; then
			verb=${verb:+$verb }$word
		fi
	done
	if [[ ! -v _postclerk_words[$verb] ]]; then
		[[ $previous != --desk ]] || { _postclerk_value --desk; return; }
		# The next word of every subcommand that begins so.
		for row in "${!_postclerk_words[@]}"; do
			[[ -n $verb && $row != "$verb "* ]] || { row=${row#"$verb "}; next+=" ${row%% *}"; }
		done
		[[ -n $verb ]] || next+=' --desk --json --help --version'
		mapfile -t COMPREPLY < <(compgen -W "$next" -- "$cur" | sort -u)
		return
	fi
	for word in ${_postclerk_words[$verb]}; do
		[[ $word != "$previous=" ]] || { _postclerk_value "$previous"; return; }
		case $word in
		--*) next+=" ${word%=}" ;;
		*) [[ $cur = -* ]] || { _postclerk_paths "$word" "$cur"; return; } ;;
		esac
	done
	mapfile -t COMPREPLY < <(compgen -W "$next --json --help" -- "$cur")
}
complete -F _postclerk postclerk
