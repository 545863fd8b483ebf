#!/bin/sh
# Downloads the MediaMTX release that babelmux is tested with, checks its SHA-256, and puts the program into babelmux's cache,
# where ./babelmux looks for it (after MEDIAMTX_BIN and the PATH):
#
#   ${XDG_CACHE_HOME:-~/.cache}/babelmux/mediamtx/mediamtx
#
# The sum is MEDIAMTX_SHA256 where that is set; else the one written below, for Linux on amd64 and arm64; else the one that
# the release publishes beside its archives, which protects from damage but not from whoever can change the release.
#
# MEDIAMTX_BASE_URL takes the place of the project's release page, for a mirror: below it, <version>/<archive> is expected,
# and <version>/checksums.sha256 where the published sum is needed. An https address is never left for an http one.
#
# Needs a POSIX shell, tar, awk, curl or GNU wget, and sha256sum or shasum. Exits with 0 when the program is there, else with
# 1, one line on standard error, and nothing left behind.
set -u

version=v1.20.1
# Sums of this version's archives. Not of our own download: six public projects (amd64) and four (arm64) were seen to pin these
# same sums; how each came by them is not known. No such agreement was found for the other platforms.
pinned() {
  case $1 in
    linux_amd64) echo 81b143f55a5d23d4a8c028d52869c14ea4a59919900528698fcc97a747fd69c6 ;;
    linux_arm64) echo d1689f0bfefb1864e5ed3dcc8495eb2d7ec0a654f90bf3cd48980cb3bd08718a ;;
  esac
}
base=${MEDIAMTX_BASE_URL:-https://github.com/bluenviron/mediamtx/releases/download}

work=
folder=
clean_up() {
  [ -z "$work" ] || rm -rf "$work"
  # Only what is empty: a folder that was there before with something in it stays.
  [ -z "$folder" ] || rmdir "$folder" "${folder%/*}" 2>/dev/null
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

die() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

case $(uname -s)-$(uname -m) in
  Linux-x86_64 | Linux-amd64) platform=linux_amd64 ;;
  Linux-aarch64 | Linux-arm64) platform=linux_arm64 ;;
  Linux-armv7l) platform=linux_armv7 ;;
  Linux-armv6l) platform=linux_armv6 ;;
  Darwin-arm64) platform=darwin_arm64 ;;
  Darwin-x86_64) platform=darwin_amd64 ;;
  *) die "MediaMTX has no release for $(uname -s) on $(uname -m) that this script knows" ;;
esac

case ${XDG_CACHE_HOME:-} in
  /*) cache=$XDG_CACHE_HOME ;;
  *) # Unset, or not absolute, which the XDG rules say to ignore.
    [ -n "${HOME:-}" ] || die "neither XDG_CACHE_HOME nor HOME is set: where is the cache?"
    cache=$HOME/.cache
    ;;
esac
program=$cache/babelmux/mediamtx/mediamtx

if [ -x "$program" ] && [ "$("$program" --version 2>/dev/null)" = "$version" ]; then
  printf 'MediaMTX %s is already there: %s\n' "$version" "$program"
  exit 0
fi

archive=mediamtx_${version}_${platform}.tar.gz
release=${base%/}/$version

fetch() {
  case $1 in
    https://*) schemes='=https' ;;
    *) schemes='=https,http' ;;
  esac
  if command -v curl >/dev/null 2>&1; then
    curl -q -fsSL --proto "$schemes" --proto-redir "$schemes" --connect-timeout 10 --speed-limit 1000 --speed-time 30 \
      --max-time 900 -o "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    fetch_with_wget "$1" "$2"
  else
    die "curl or wget is needed, and neither is here"
  fi || die "download failed: $1"
}

# wget itself would follow a redirection from https to http.
fetch_with_wget() {
  case $(wget --version 2>/dev/null) in
    *GNU*) ;;
    *) die "curl or GNU wget is needed: this wget cannot be kept from leaving https" ;;
  esac
  from=$1
  for _ in 1 2 3 4 5; do
    answer=$(LC_ALL=C wget -nv -S --max-redirect=0 --timeout=30 --tries=2 -O "$2" "$from" 2>&1) && return 0
    next=$(printf '%s\n' "$answer" | awk 'tolower($1) == "location:" { print $2; exit }')
    case $next in
      https://*) ;;
      http://*) [ "$schemes" != '=https' ] || die "download failed: $from leads from https to $next" ;;
      *) return 1 ;;
    esac
    from=$next
  done
  return 1
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1"
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1"
  else
    die "sha256sum or shasum is needed, and neither is here"
  fi | awk '{ print tolower($1) }'
}

folder=$cache/babelmux/mediamtx
mkdir -p "$folder" || die "cannot make $folder"
# In the same folder, so that the last step is a rename.
work=$(mktemp -d "$folder/.install.XXXXXX") || die "cannot write to $folder"

printf 'downloading %s/%s\n' "$release" "$archive"
if [ -n "${MEDIAMTX_SHA256:-}" ]; then
  expected=$(printf '%s' "$MEDIAMTX_SHA256" | tr 'A-F' 'a-f')
  source="MEDIAMTX_SHA256 is"
elif [ -n "$(pinned "$platform")" ]; then
  expected=$(pinned "$platform")
  source="install.sh has"
else
  fetch "$release/checksums.sha256" "$work/checksums.sha256"
  expected=$(awk -v name="$archive" \
    '$2 == name || $2 == "*" name { print tolower($1) }' "$work/checksums.sha256")
  source="$release/checksums.sha256 has"
fi
printf '%s' "$expected" | awk 'END { exit !(NR == 1 && length($0) == 64 && $0 !~ /[^0-9a-f]/) }' ||
  die "$source no one SHA-256 sum of $archive"

fetch "$release/$archive" "$work/$archive"
actual=$(sha256 "$work/$archive") || exit 1
[ "$actual" = "$expected" ] ||
  die "$archive has the wrong SHA-256 sum: $actual, expected $expected. Nothing was installed"

tar -xzf "$work/$archive" -C "$work" mediamtx || die "$archive holds no program mediamtx"
if [ ! -f "$work/mediamtx" ] || [ -L "$work/mediamtx" ]; then
  die "$archive: mediamtx is no plain file"
fi
chmod 755 "$work/mediamtx"
said=$("$work/mediamtx" --version 2>&1) || die "the program does not run here: $said"
[ "$said" = "$version" ] || die "the program says that it is $said, expected $version"

mv -f "$work/mediamtx" "$program" || die "cannot write $program"
printf 'MediaMTX %s installed: %s\n' "$version" "$program"
