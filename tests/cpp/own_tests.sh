#!/bin/sh
# The own tests of C++, in each standard; and what only a compiler can show.
set -u
out=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0
failed=0

result() {
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$2"
    fi
}

# The programs count their own tests in the last line; one without it has crashed. The oldest standard's
# runs under Valgrind: what it shows is alike in all of them.
checked=
if command -v valgrind > /dev/null; then
    checked="valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
    --show-leak-kinds=definite"
fi
for standard in 98 11 20; do
    $checked "$out/own_tests-$standard" > said 2>&1
    ended=$?
    checked=
    counted=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/passed=$((passed + \1)) failed=$((failed + \2))/p' said)
    eval "${counted:-:}"
    if [ $ended != 0 ]; then
        failed=$((failed + 1))
        sed "s/^/c++$standard: /" said
    fi
done

# One owner: a copy does not compile. The same program without the copy does.
for copied in Client OrderBuilder; do
    made=$([ $copied = Client ] && echo '(sequra::Config::file("x"))' || echo '')
    for standard in 98 20; do
        compile="${CXX:-c++} -std=c++$standard -I$SEQURA_POS_ROOT/include -fsyntax-only -x c++ -"
        echo "#include <sequra_pos.hpp>
              int main() { sequra::$copied one$made; sequra::$copied &other = one; other.close(); }" | $compile > said 2>&1
        result $? "$copied in c++$standard: $(cat said)"
        echo "#include <sequra_pos.hpp>
              int main() { sequra::$copied one$made; sequra::$copied other(one); other.close(); }" | $compile > said 2>&1
        [ $? != 0 ]
        result $? "a $copied can be copied in c++$standard"
    done
done

# No macro leaks: the header defines what keeps it from being read twice, and what sequra_pos.h defines.
macros() {
    echo "#include <$1>
          #include <algorithm>
          #include <cstddef>
          #include <ostream>
          #include <stdexcept>
          #include <string>
          #include <vector>" | ${CXX:-c++} -I"$SEQURA_POS_ROOT/include" -dM -E -x c++ - | cut -d' ' -f2 | LC_ALL=C sort
}
macros sequra_pos.h > of_c
macros sequra_pos.hpp > of_cpp
LC_ALL=C comm -13 of_c of_cpp > leaked
printf '%s\n' SEQURA_POS_HPP SEQURA_POS_WORDS_HPP | cmp -s - leaked
result $? "macros leak: $(tr '\n' ' ' < leaked)"

# What others make macros of: X11, Windows, Qt. Any word of theirs may stand before the header.
after() {
    { cat; echo '#include <sequra_pos.hpp>'; echo 'int conflict() { return sequra::StatusCode::conflict; }'; } > after.cpp
    for standard in 98 20; do
        $1 -std=c++$standard -I"$SEQURA_POS_ROOT/include" -fsyntax-only after.cpp > said 2>&1
        result $? "after $2, c++$standard: $(head -5 said)"
    done
}
after "${CXX:-c++}" 'Xlib.h' << 'END'
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/Xatom.h>
END
after x86_64-w64-mingw32-g++-posix 'windows.h' << 'END'
#include <windows.h>
END
after "${CXX:-c++}" "Qt's words" << 'END'
#define slots
#define signals public
#define emit
#define foreach(one, all) for (one : all)
#define forever for (;;)
END

# The project that finds the binding with CMake, installed and in place.
for kind in installed here; do
    "$out/cmake-$kind/found" > said 2>&1
    result $? "found by CMake, $kind: $(cat said)"
done

echo "$passed passed, $failed failed"
[ $failed = 0 ]
