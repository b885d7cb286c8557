#!/bin/sh
# Finds a Python that can be embedded: version 3.12 or newer, with a shared libpython, the GIL, and Python.h.
# The one search that the build, the installation, the tests and the loader share.
#
#   find-python.sh [--all] [--runtime]
#
# Prints one line of JSON: {"version","tag","executable","library","include","prefix"}. Where there are several, the
# newest 3.12 is taken, or else the newest. --all prints the newest of every minor version, a line each; --runtime does
# not ask for Python.h ("include" is then "" where there is none). VH_PYTHON, an interpreter or its prefix, replaces the
# search. Exit code 1: nothing suitable; stderr says what was tried and what to install.
set -u

all=
headers=required
for option in "$@"; do
  case $option in
    --all) all=yes ;;
    --runtime) headers= ;;
    *) echo "usage: find-python.sh [--all] [--runtime]" >&2; exit 2 ;;
  esac
done

tab=$(printf '\t')
prefixes="/usr/local /opt/homebrew/opt/python@3.* /opt/python* /usr"
# Runs in any Python back to 2.7, and prints facts, a tab between each name and its value; the shell below judges them.
facts='
import os, sys, sysconfig
prefix = getattr(sys, "base_prefix", sys.prefix)
var = lambda name: sysconfig.get_config_var(name) or ""
names = [n for n in (var("INSTSONAME"), var("LDLIBRARY")) if n and not n.endswith(".a")]
dirs = [var("LIBDIR"), os.path.join(prefix, "lib"), var("PYTHONFRAMEWORKPREFIX")]
libraries = [os.path.join(d, n) for d in dirs for n in names if d]
libraries = [os.path.realpath(l) for l in libraries if os.path.isfile(l)] + [""]
include = sysconfig.get_paths()["include"]
print("version\t%d.%d.%d" % sys.version_info[:3])
print("executable\t" + os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
print("prefix\t" + prefix)
print("library\t" + libraries[0])
print("include\t" + (include if os.path.isfile(os.path.join(include, "Python.h")) else ""))
print("gil\t" + ("no" if var("Py_GIL_DISABLED") else "yes"))
'

field() { printf '%s\n' "$report" | sed -n "s/^$1$tab//p"; }
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

tried= # what was looked at and why it will not do, for the error
found= # minor, patch, order, JSON: what will do
order=0
seen=:

# Looks at one interpreter; `as` is how to name it in the error.
try() {
  path=$1 as=${2:-$1}
  case $seen in *":$path:"*) return ;; esac
  seen=$seen$path:
  # -S: in a virtual environment this tells of the Python it was made from, which is the one to embed.
  if ! report=$("$path" -E -S -c "$facts" </dev/null 2>&1); then
    reject "$as" "does not run: $(printf '%s\n' "$report" | sed -n 1p)"
    return
  fi
  version=$(field version) executable=$(field executable) library=$(field library) include=$(field include)
  minor=${version#*.} minor=${minor%%.*} patch=${version##*.}
  if [ "${version%%.*}" != 3 ] || [ "$minor" -lt 12 ]; then reject "$as" "is $version; 3.12 or newer is needed"
  elif [ "$(field gil)" = no ]; then reject "$as" "is $version, a build without the GIL"
  elif [ -z "$library" ]; then reject "$as" "is $version, without a shared libpython"
  elif [ -n "$headers" ] && [ -z "$include" ]; then reject "$as" "is $version, without its headers (Python.h)"
  else
    order=$((order + 1))
    found="$found$minor$tab$patch$tab$order$tab{\"version\":\"$version\",\"tag\":\"cp3$minor\",\"executable\":$(quoted "$executable"),\"library\":$(quoted "$library"),\"include\":$(quoted "$include"),\"prefix\":$(quoted "$(field prefix)")}
"
  fi
}
reject() { tried="$tried  $1 $2
"; }

# The newest interpreter under a prefix that is named after its version, or else its python3.
try_prefix() {
  for version in 3.14 3.13 3.12 3; do
    if [ -x "$1/bin/python$version" ]; then try "$1/bin/python$version"; return; fi
  done
  [ -z "${2:-}" ] || reject "$1" "$2"
}

if [ -n "${VH_PYTHON:-}" ]; then
  if [ -d "$VH_PYTHON" ]; then try_prefix "$VH_PYTHON" "has no bin/python3"
  elif command -v "$VH_PYTHON" >/dev/null 2>&1; then try "$(command -v "$VH_PYTHON")" "$VH_PYTHON"
  else reject "$VH_PYTHON" "does not exist or cannot be run"; fi
  if [ -z "$found" ]; then
    printf 'VH_PYTHON names no Python that vh-python can use:\n%s' "$tried" >&2
    exit 1
  fi
else
  for name in python3.14 python3.13 python3.12 python3; do
    if path=$(command -v "$name"); then try "$path"; else reject "$name" "is not in PATH"; fi
  done
  for prefix in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/* $prefixes; do
    [ -d "$prefix" ] && try_prefix "$prefix"
  done
fi

if [ -z "$found" ]; then
  cat >&2 <<END
vh-python needs Python 3.12 or newer, with its shared library${headers:+ and headers}. Tried:
$tried
Install one, for example
  Debian, Ubuntu  apt install python3.12-dev    (or any later python3.x-dev)
  Fedora          dnf install python3-devel
  macOS           brew install python@3.12
  pyenv           PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install 3.12
or set VH_PYTHON to an interpreter or to the prefix of an installation.
END
  exit 1
fi

# Newest first, and of each minor version the newest patch, found first.
sorted=$(printf '%s' "$found" | sort -k1,1nr -k2,2nr -k3,3n | awk -F "$tab" '!seen[$1]++')
if [ -z "$all" ]; then
  # 3.12 bears scripts best: extension modules and sub-interpreters are proven there.
  preferred=$(printf '%s\n' "$sorted" | grep '^12' || printf '%s\n' "$sorted" | sed -n 1p)
  sorted=$preferred
fi
printf '%s\n' "$sorted" | cut -f 4-
