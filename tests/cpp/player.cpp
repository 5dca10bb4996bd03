// The player of C++: see tests/bindings/README.md. Everything goes through sequra_pos.hpp.
#include <sequra_pos.hpp>

#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

// A field of a line; \N is NULL.
struct Field {
    std::string text;
    bool is_null;

    operator sequra::Text() const { return is_null ? sequra::Text() : sequra::Text(text); }
    int64_t number() const
    {
        int64_t number = 0;
        std::istringstream(text) >> number;
        return number;
    }
};

typedef std::vector<Field> Fields;

static Field plain(const std::string &field)
{
    Field out = {"", field == "\\N"};
    for (std::size_t i = 0; i < field.size() && !out.is_null; ++i) {
        char letter = field[i];
        if (letter == '\\') {
            letter = field[++i];
            letter = letter == 't' ? '\t' : letter == 'n' ? '\n' : letter == 'r' ? '\r' : letter;
        }
        out.text += letter;
    }
    return out;
}

static std::string escaped(const std::string &text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
        switch (text[i]) {
        case '\\': out += "\\\\"; break;
        case '\t': out += "\\t"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        default: out += text[i];
        }
    return out;
}

// Clients, or orders, by their names. C++98 cannot put them into a map themselves.
template <class Thing> class Named {
public:
    ~Named()
    {
        for (typename std::map<std::string, Thing *>::iterator i = things_.begin(); i != things_.end(); ++i)
            delete i->second;
    }
    Thing &operator[](const std::string &name)
    {
        Thing *const thing = things_[name];
        if (!thing)
            throw std::logic_error("nothing has the name " + name);
        return *thing;
    }
    void put(const std::string &name, Thing *thing)
    {
        Thing *&place = things_[name];
        delete place;
        place = thing;
    }

private:
    std::map<std::string, Thing *> things_;
};

class Player {
public:
    // One request; gives the answer's text.
    std::string play(const Fields &line)
    {
        const std::string &verb = line[0].text, &name = line[1].text;
        if (verb == "open" || verb == "open_file") {
            const std::string &what = line[2].text;
            const sequra::Config config = verb == "open" ? sequra::Config::json(what) : sequra::Config::file(what);
            clients_.put(name, new sequra::Client(config));
            return keep(clients_[name].opened());
        }
        if (verb == "close")
            clients_[name].close();
        else if (verb == "call")
            return keep(line[1].is_null ? sequra::echo(line[3]) : call(clients_[name], line[2].text, line));
        else if (verb == "value")
            return last_.value(line[1]);
        else if (verb == "library")
            return library(name, line);
        else if (verb == "order_new")
            orders_.put(name, line[2].is_null ? new sequra::OrderBuilder
                                              : new sequra::OrderBuilder(clients_[line[2].text]));
        else
            return build(orders_[name], verb, line);
        return "";
    }

    std::string keep(const sequra::Result &result)
    {
        last_ = result;
        return last_.json();
    }

private:
    static sequra::Result call(sequra::Client &till, const std::string &function, const Fields &line)
    {
        const Field nothing = {"", true};
        const Field a = line.size() > 3 ? line[3] : nothing;
        const Field b = line.size() > 4 ? line[4] : nothing;
        const Field c = line.size() > 5 ? line[5] : nothing;

        if (function == "check_credentials") return till.check_credentials();
        if (function == "self_test") return till.self_test();
        if (function == "payment_methods") return till.payment_methods(a);
        if (function == "check_order") return till.check_order(a);
        if (function == "start_solicitation") return till.start_solicitation(a);
        if (function == "credit_agreements") return till.credit_agreements(b.number(), a, c);
        if (function == "send_form") return till.send_form(a, b, c);
        if (function == "send_form_by") return till.send_form_by(a, b, c, line.size() > 6 ? line[6] : nothing);
        if (function == "hold") return till.hold(a, b);
        if (function == "confirm") return till.confirm(a, b);
        if (function == "set_order_ref") return till.set_order_ref(a, b, c);
        if (function == "abandon") return till.abandon(a);
        if (function == "resolve") return till.resolve(a, b, c);
        if (function == "order_info") return till.order_info(a);
        if (function == "receipt") return till.receipt(a, static_cast<int32_t>(b.number()));
        if (function == "day") return till.day(a, b);
        if (function == "update_order") return till.update_order(a, b);
        if (function == "ship") return till.ship(a, b);
        if (function == "refund") return till.refund(a, b);
        if (function == "cancel") return till.cancel(a, b);
        if (function == "hand_over") return till.hand_over(a);
        if (function == "take_over") return till.take_over(a);
        if (function == "send_delivery_report") return till.send_delivery_report(a);
        if (function == "disbursements") return till.disbursements(a);
        if (function == "pending") return till.pending();
        if (function == "recover") return till.recover(a);
        if (function == "reconcile") return till.reconcile();
        if (function == "log") return till.log(a);
        if (function == "log_dismiss") return till.log_dismiss(a.number());
        if (function == "echo") return till.echo(a);
        throw std::logic_error("no such function: " + function);
    }

    static std::string build(sequra::OrderBuilder &order, const std::string &verb, const Fields &line)
    {
        if (verb == "order_set_text")
            order.set_text(line[2], line[3]);
        else if (verb == "order_set_int")
            order.set_int(line[2], line[3].number());
        else if (verb == "order_set_flag")
            order.set_flag(line[2], line[3].text == "1");
        else if (verb == "order_add_item")
            order.add_item(line[2], line[3], line[4], line[5].number(), line[6].number(), line[7].number());
        else if (verb == "order_add_measured")
            order.add_measured(line[2], line[3], line[4], line[5], line[6], line[7].number());
        else if (verb == "order_json")
            return order.json();
        else if (verb == "order_free")
            order.close();
        else
            throw std::logic_error("no such request: " + verb);
        return "";
    }

    std::string library(const std::string &function, const Fields &line)
    {
        std::ostringstream said;
        const int32_t status = line.size() > 2 ? static_cast<int32_t>(line[2].number()) : 0;
        if (function == "live_handles") {
            last_ = sequra::Result();
            said << sequra::live_handles();
        } else if (function == "abi_version")
            said << sequra::abi_version();
        else if (function == "version")
            said << sequra::version();
        else if (function == "build_info")
            said << sequra::build_info();
        else if (function == "status_name")
            said << sequra::status_name(status);
        else if (function == "status_class")
            said << sequra::status_class(status);
        return said.str();
    }

    Named<sequra::Client> clients_;
    Named<sequra::OrderBuilder> orders_;
    sequra::Result last_; // of open, open_file and call
};

// The type that a program catches.
static const char *name_of(const sequra::Error &error)
{
    if (dynamic_cast<const sequra::InvalidOrder *>(&error)) return "sequra::InvalidOrder";
    if (dynamic_cast<const sequra::InvalidCall *>(&error)) return "sequra::InvalidCall";
    if (dynamic_cast<const sequra::DuplicateOrderRef *>(&error)) return "sequra::DuplicateOrderRef";
    if (dynamic_cast<const sequra::Conflict *>(&error)) return "sequra::Conflict";
    if (dynamic_cast<const sequra::Refused *>(&error)) return "sequra::Refused";
    if (dynamic_cast<const sequra::OutcomeUnknown *>(&error)) return "sequra::OutcomeUnknown";
    if (dynamic_cast<const sequra::NoAnswer *>(&error)) return "sequra::NoAnswer";
    if (dynamic_cast<const sequra::MachineError *>(&error)) return "sequra::MachineError";
    if (dynamic_cast<const sequra::InternalError *>(&error)) return "sequra::InternalError";
    return "sequra::Error";
}

static void answer(sq_status status, const char *exception, const std::string &text)
{
    std::cout << status << '\t' << exception << '\t' << escaped(text) << std::endl;
}

int main()
{
    std::ios::sync_with_stdio(false);
    std::cout << "ready\tcpp\tbytes" << std::endl;
    Player player;
    std::string line;
    while (std::getline(std::cin, line) && line != "quit") {
        Fields fields;
        std::size_t start = 0;
        for (std::size_t end = 0; end != std::string::npos; start = end + 1) {
            end = line.find('\t', start);
            fields.push_back(plain(line.substr(start, end == std::string::npos ? end : end - start)));
        }
        try {
            const std::string text = player.play(fields);
            answer(0, "-", text);
        } catch (const sequra::Error &error) {
            const std::string json = error.result().json();
            if (!json.empty())
                player.keep(error.result());
            answer(error.status(), name_of(error), json.empty() ? error.what() : json);
        } catch (const std::invalid_argument &error) {
            answer(-1, "std::invalid_argument", error.what());
        }
    }
    return 0;
}
