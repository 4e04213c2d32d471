/** The scripts that make a virtual environment the one of a shell: PATH, VIRTUAL_ENV, a prompt, and a way back. */

/** By file name. */
export function activationScripts(folder: string, prompt: string): Map<string, string> {
  // Shells expand a prompt each time they show it, however it was quoted when it was set.
  const shown = `(${prompt.replaceAll(/[$`\\%!]/g, '_')}) `
  return new Map([
    ['activate', posix(shellQuoted(folder), shellQuoted(shown))],
    ['activate.fish', fish(fishQuoted(folder), fishQuoted(shown))],
    ['activate.csh', csh(shellQuoted(folder), shellQuoted(shown))],
  ])
}

// The _OLD_VIRTUAL_ variables are those of `python -m venv`, so that either can leave the environment of the other.

const posix = (folder: string, prompt: string) => `# Use it as: source bin/activate
deactivate() {
    if [ -n "\${_OLD_VIRTUAL_PATH-}" ]; then
        PATH="$_OLD_VIRTUAL_PATH"
        export PATH
    fi
    if [ -n "\${_OLD_VIRTUAL_PYTHONHOME-}" ]; then
        PYTHONHOME="$_OLD_VIRTUAL_PYTHONHOME"
        export PYTHONHOME
    fi
    if [ -n "\${_OLD_VIRTUAL_PS1+set}" ]; then
        PS1="$_OLD_VIRTUAL_PS1"
    fi
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    unset _OLD_VIRTUAL_PATH _OLD_VIRTUAL_PYTHONHOME _OLD_VIRTUAL_PS1
    hash -r 2>/dev/null
    if [ "\${1-}" != keep ]; then
        unset -f deactivate
    fi
}

deactivate keep
VIRTUAL_ENV=${folder}
VIRTUAL_ENV_PROMPT=${prompt}
_OLD_VIRTUAL_PATH="$PATH"
_OLD_VIRTUAL_PYTHONHOME="\${PYTHONHOME-}"
PATH="$VIRTUAL_ENV/bin:$PATH"
unset PYTHONHOME
if [ -z "\${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
    _OLD_VIRTUAL_PS1="\${PS1-}"
    PS1="$VIRTUAL_ENV_PROMPT\${PS1-}"
fi
export VIRTUAL_ENV VIRTUAL_ENV_PROMPT PATH
hash -r 2>/dev/null
`

const fish = (folder: string, prompt: string) => `# Use it as: source bin/activate.fish
function deactivate
    if set -q _OLD_VIRTUAL_PATH
        set -gx PATH $_OLD_VIRTUAL_PATH
    end
    if set -q _OLD_VIRTUAL_PYTHONHOME
        set -gx PYTHONHOME $_OLD_VIRTUAL_PYTHONHOME
    end
    if functions -q _old_fish_prompt
        functions -e fish_prompt
        functions -c _old_fish_prompt fish_prompt
        functions -e _old_fish_prompt
    end
    set -e VIRTUAL_ENV
    set -e VIRTUAL_ENV_PROMPT
    set -e _OLD_VIRTUAL_PATH
    set -e _OLD_VIRTUAL_PYTHONHOME
    if test "$argv[1]" != keep
        functions -e deactivate
    end
end

deactivate keep
set -gx VIRTUAL_ENV ${folder}
set -gx VIRTUAL_ENV_PROMPT ${prompt}
set -gx _OLD_VIRTUAL_PATH $PATH
set -gx PATH $VIRTUAL_ENV/bin $PATH
if set -q PYTHONHOME
    set -gx _OLD_VIRTUAL_PYTHONHOME $PYTHONHOME
    set -e PYTHONHOME
end
if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
    functions -c fish_prompt _old_fish_prompt
    function fish_prompt
        printf '%s' $VIRTUAL_ENV_PROMPT
        _old_fish_prompt
    end
end
`

const csh = (folder: string, prompt: string) => `# Use it as: source bin/activate.csh
if ($?_OLD_VIRTUAL_PATH) setenv PATH "\${_OLD_VIRTUAL_PATH:q}"
setenv VIRTUAL_ENV ${folder}
setenv VIRTUAL_ENV_PROMPT ${prompt}
set _OLD_VIRTUAL_PATH="$PATH:q"
setenv PATH "\${VIRTUAL_ENV:q}/bin:\${PATH:q}"
if ($?prompt && ! $?VIRTUAL_ENV_DISABLE_PROMPT) then
    set _OLD_VIRTUAL_PROMPT="$prompt:q"
    set prompt="\${VIRTUAL_ENV_PROMPT:q}$prompt:q"
endif
alias deactivate 'setenv PATH "$_OLD_VIRTUAL_PATH:q"; if ($?_OLD_VIRTUAL_PROMPT) set prompt="$_OLD_VIRTUAL_PROMPT:q"; unsetenv VIRTUAL_ENV VIRTUAL_ENV_PROMPT; unset _OLD_VIRTUAL_PATH _OLD_VIRTUAL_PROMPT; unalias deactivate; rehash'
rehash
`

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
