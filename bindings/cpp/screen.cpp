// What the operator sees, and answers; see screen.hpp.
#include "screen.hpp"

#include "book.hpp"

#include <iomanip>
#include <iostream>
#include <sstream>

namespace {

const std::size_t indent = 14, columns = 100;

// Of a word in UTF-8: bytes that continue a character take no column of their own.
std::size_t width(const std::string &word)
{
    std::size_t width = 0;
    for (std::string::const_iterator byte = word.begin(); byte != word.end(); ++byte)
        width += (static_cast<unsigned char>(*byte) & 0xC0) != 0x80;
    return width;
}

void begin_line(const std::string &label)
{
    std::cout << "  " << std::left << std::setw(static_cast<int>(indent) - 2) << label;
}

}

void say(const std::string &label, const std::string &text)
{
    begin_line(label);
    std::istringstream words(text);
    std::string word;
    for (std::size_t column = indent; words >> word; column += width(word)) {
        if (column > indent && column + 1 + width(word) > columns) {
            std::cout << '\n' << std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            std::cout << ' ';
            ++column;
        }
        std::cout << word;
    }
    std::cout << '\n';
}

bool ask(const std::string &question, std::string &answer)
{
    begin_line("operator ?");
    std::cout << question << ' ' << std::flush;
    const bool answered = !std::getline(std::cin, answer).fail();
    if (std::cin.eof())
        std::cout << '\n';
    if (!answer.empty() && answer[answer.size() - 1] == '\r')
        answer.erase(answer.size() - 1);
    return answered;
}

void show(const std::string &label, const sequra::Result &result)
{
    std::string line = with(result.name(), ", HTTP ", result.value_or("/http/status"));
    line = with(line, ": ", result.order().state.str());
    if (result.next() != sequra::Next::none)
        line = with(line, "; next: ", result.next().str());
    say(label, line);
    show_problems("", result.errors());
    show_problems("warning", result.warnings());
    if (!result.operator_message().empty())
        say("operator >>", result.operator_message());
}

void show_problems(const std::string &label, const std::vector<sequra::Problem> &problems)
{
    for (std::vector<sequra::Problem>::const_iterator one = problems.begin(); one != problems.end(); ++one)
        say(label, with(with(one->code.str(), " at ", one->pointer), ": ", one->message));
}

std::string money(const std::string &cents)
{
    const std::string sign = cents.compare(0, 1, "-") == 0 ? "-" : "";
    std::string digits = cents.substr(sign.size());
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos)
        return cents; // shown as it is
    if (digits.size() < 3)
        digits.insert(0, 3 - digits.size(), '0');
    digits.insert(digits.size() - 2, ",");
    for (std::size_t place = digits.size() - 3; place > 3; place -= 3)
        digits.insert(place - 3, ".");
    return sign + digits;
}

std::string with(const std::string &line, const std::string &between, const std::string &more)
{
    return more.empty() ? line : line + between + more;
}

void say_how_to_go_on(const std::string &url, const std::string &option, const std::string &more)
{
    say("to go on", with("till CONFIG " + option + " " + uuid_of(url), " ", more));
}

void say_recover()
{
    say("to go on", "till CONFIG --recover; the next sale begins with it too");
}
