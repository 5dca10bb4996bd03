// Another unit of own_tests.cpp, compiled in the oldest standard whatever the first is: results and
// errors go from one to the other.
#include <sequra_pos.hpp>

sequra::Result second_unit_echo(const std::string &text)
{
    return sequra::echo(text);
}

void second_unit_throws(sequra::Client &till)
{
    till.confirm("nobody");
}

const char *second_unit_word()
{
    return sequra::words::Next::word(sequra::Next::recover);
}
