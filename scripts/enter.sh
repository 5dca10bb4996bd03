#!/bin/sh
# Runs a command in another system's tree: scripts/enter.sh TREE FOLDER COMMAND..., with FOLDER as the tree
# has it. In a mount namespace of its own, so that nothing stays mounted; each program becomes the next,
# so that a kill reaches the command.
exec unshare -m sh -c \
    'mount -t proc proc "$0/proc" && exec chroot "$0" sh -c '\''cd "$0" && exec "$@"'\'' "$@"' "$@"
