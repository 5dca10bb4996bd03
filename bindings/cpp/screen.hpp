/**
 * @file
 * What the operator sees, and answers.
 */
#ifndef SCREEN_HPP
#define SCREEN_HPP

#include <sequra_pos.hpp>

#include <string>
#include <vector>

/** Prints "label   text", broken at spaces into lines of at most 100 columns. */
void say(const std::string &label, const std::string &text);

/** Asks; false when nobody is there. */
bool ask(const std::string &question, std::string &answer);

/** Shows what came of a call: to the technician in a line, to the operator in the till's language. */
void show(const std::string &label, const sequra::Result &result);
void show_problems(const std::string &label, const std::vector<sequra::Problem> &problems);

/** Cents, in decimal, as people write them: "38290" is "382,90" and "-5" is "-0,05". */
std::string money(const std::string &cents);

/** line + between + more; the line as it was where there is no more. */
std::string with(const std::string &line, const std::string &between, const std::string &more);

/** How a sale is taken up again later. */
void say_how_to_go_on(const std::string &url, const std::string &option, const std::string &more = "");

/** What has no answer yet is found out by the till itself, for all such orders at once. */
void say_recover();

#endif
