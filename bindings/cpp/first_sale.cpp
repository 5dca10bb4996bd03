// first_sale CONFIG ORDER.json TICKET: what an earlier run was killed in, and then one sale, from the
// solicitation to the reference. Run again with the same ticket number, it goes on where it stopped.
#include <sequra_pos.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

using sequra::Client;
using sequra::Result;
using sequra::State;

namespace {

// A line for each sale, its order's URL and its ticket number: a real till has a table for this. The last
// line of a ticket number is the one that counts.
const char book[] = "sales.txt";

void write_into_book(const std::string &url, const std::string &ticket)
{
    std::ofstream file(book, std::ios::app);
    if (!(file << url << ' ' << ticket << '\n' << std::flush))
        throw std::runtime_error(std::string("cannot write ") + book);
}

std::string find_in_book(const std::string &wanted, bool is_url)
{
    std::ifstream file(book);
    std::string url, ticket, found;
    while (file >> url && std::getline(file >> std::ws, ticket))
        if ((is_url ? url : ticket) == wanted)
            found = is_url ? ticket : url;
    return found;
}

// The bytes of a file: they go to seQura as they are.
std::string read(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error(std::string("cannot read ") + path);
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// Every problem, with its place in the order or in the configuration.
void show_problems(const Result &result, const std::string &list)
{
    for (std::size_t i = 0; i < result.count(list); ++i) {
        const std::string place = result.value_or(sequra::at(list, i, "/pointer"));
        std::cerr << result.value(sequra::at(list, i, "/code")) << (place.empty() ? "" : " at ") << place << ": "
                  << result.value(sequra::at(list, i, "/message")) << '\n';
    }
}

void show(const sequra::Error &error)
{
    std::cout << error.operator_message() << '\n';
    std::cerr << error.name() << '\n';
    show_problems(error.result(), "/errors");
}

bool is_sold(const State &state)
{
    return state == State::confirmed || state == State::settled;
}

// seQura has confirmed the order: the sale is completed, and seQura is told its ticket number.
Result complete(Client &till, const Result &confirmed, const std::string &ticket)
{
    std::cout << ticket << " is completed in the till's own books.\n";
    return confirmed.next() == sequra::Next::set_order_ref ? till.set_order_ref(confirmed.order().url, ticket)
                                                           : confirmed;
}

bool sell(Client &till, const std::string &order, const std::string &ticket)
{
    std::string answer, url = find_in_book(ticket, false);
    Result stands = url.empty() ? Result() : till.recover(url);
    if (stands.next() == sequra::Next::restart_checkout) {
        till.abandon(url);                              // seQura has said no to that basket
        url.clear();
    }
    if (url.empty()) {
        stands = till.start_solicitation(order);
        url = stands.order().url;
        write_into_book(url, ticket);                   // before anything reaches the shopper
    }
    if (stands.next() == sequra::Next::send_form)
        stands = till.send_form(url, "pp3");            // an SMS to the shopper
    if (stands.next() == sequra::Next::confirm) {
        std::cout << "Approved on the shopper's phone? Then press Enter." << std::endl;
        if (!std::getline(std::cin, answer))
            return false;                               // left open: run it again
        stands = till.confirm(url, order);              // the order as it is now
    }
    if (is_sold(stands.order().state))
        stands = complete(till, stands, ticket);
    std::cout << stands.operator_message() << '\n';
    return stands.order().state == State::settled;      // only now hand over the goods
}

void say(const Result &list, const std::string &place, const std::string &ticket, const std::string &state)
{
    std::cout << (ticket.empty() ? list.value_or(place + "/url", "an order without its URL") : ticket) << ": " << state
              << "; next: " << list.value(place + "/next") << '\n';
    show_problems(list, place + "/errors");
}

// Says what became of an order that had no answer, and finishes it where nobody has to be asked.
void finish(Client &till, const Result &recovered, const std::string &place)
{
    const std::string url = recovered.value_or(place + "/url"), ticket = find_in_book(url, true);
    const std::string was = recovered.value(place + "/was"), now = recovered.value(place + "/now");
    say(recovered, place, ticket, was + ", now " + now);
    try {
        if (!ticket.empty() && is_sold(State(now)))
            std::cout << complete(till, till.recover(url), ticket).operator_message() << '\n';
        else if (ticket.empty() && was == "soliciting" && now == "solicited")
            till.abandon(url); // nobody has its form: the basket is sold anew
    } catch (const sequra::Error &error) {
        show(error);
    }
}

// Where seQura is out of reach, the rest keeps, and stops no other sale.
void recover(Client &till)
{
    Result recovered;
    try {
        recovered = till.recover();
    } catch (const sequra::Error &error) {
        show(error);
        recovered = error.result();
    }
    for (std::size_t i = 0; i < recovered.count("/data/orders"); ++i)
        finish(till, recovered, sequra::at("/data/orders", i));
    const Result waiting = till.pending(); // now for somebody
    for (std::size_t i = 0; i < waiting.count("/data/orders"); ++i) {
        const std::string place = sequra::at("/data/orders", i);
        say(waiting, place, find_in_book(waiting.value_or(place + "/url"), true), waiting.value(place + "/state"));
    }
}

}

int main(int argc, char **words)
{
    if (argc != 4) {
        std::cerr << "usage: first_sale CONFIG ORDER.json TICKET\n";
        return 1;
    }
    try {
        Client till(sequra::Config::file(words[1]));
        recover(till);
        return sell(till, read(words[2]), words[3]) ? 0 : 1;
    } catch (const sequra::Error &error) {              // not sold, or not yet: keep the goods
        show(error);
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
    }
    return 1;
}
