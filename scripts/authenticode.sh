#!/bin/sh
# Signs what was built for Windows, in its place, for scripts/dist.py --pack-only: with the certificate and the key in
# SEQURA_POS_AUTHENTICODE (PKCS #12 in base64), whose password is SEQURA_POS_AUTHENTICODE_PASSWORD. Where
# SEQURA_POS_TIMESTAMPS names a server of times, what is signed outlives the certificate. Needs osslsigncode.
set -eu
cd "$(dirname "$0")/.."
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf %s "$SEQURA_POS_AUTHENTICODE" | base64 -d > "$work/certificate.p12"
printf %s "${SEQURA_POS_AUTHENTICODE_PASSWORD:-}" > "$work/password"
for file in target/windows/*/*.dll target/windows/*/*.exe; do
    osslsigncode sign -pkcs12 "$work/certificate.p12" -readpass "$work/password" -h sha256 -n sequra-pos \
        ${SEQURA_POS_TIMESTAMPS:+-ts "$SEQURA_POS_TIMESTAMPS"} -in "$file" -out "$work/signed" >/dev/null
    # Who could run it can still.
    cat "$work/signed" > "$file"
    rm "$work/signed"
    echo "signed $file"
done
