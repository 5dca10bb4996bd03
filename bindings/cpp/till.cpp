// A till that sells with seQura: its command line. It reads the order from a JSON file and needs no JSON
// library: the order goes to seQura as it is, and results are read value by value. README.md says how to
// compile and use it.
//
//     till CONFIG ORDER.json [--ref R-100] ...
#include "screen.hpp"
#include "till.hpp"

#include <cstring>
#include <iostream>

namespace {

enum Entry {
    SELL, FORM, CONFIRM, SET_REF, RECOVER, // what was left unfinished comes before these
    PENDING, ABANDON, RESOLVE, SHIP, REFUND, CANCEL, UPDATE, INFO, LOG, DISMISS, RECONCILE, REPORT, SELF_TEST
};

// Each but SELL has its word on the command line, and so many words that must follow it.
const struct EntryWord {
    Entry entry;
    const char *word;
    int needs;
} entry_words[] = {
    {FORM, "--form", 1},       {CONFIRM, "--confirm", 1},     {SET_REF, "--set-ref", 2}, {RECOVER, "--recover", 0},
    {PENDING, "--pending", 0}, {ABANDON, "--abandon", 1},     {RESOLVE, "--resolve", 2}, {SHIP, "--ship", 1},
    {REFUND, "--refund", 1},   {CANCEL, "--cancel", 1},       {UPDATE, "--update", 2},   {INFO, "--info", 1},
    {LOG, "--log", 0},         {DISMISS, "--dismiss", 1},     {REPORT, "--report", 0},   {RECONCILE, "--reconcile", 0},
    {SELF_TEST, "--self-test", 0},
};

const char usage[] =
    "usage: till CONFIG ORDER.json            sell it\n"
    "       till CONFIG --recover              finish what was left unfinished\n"
    "       till CONFIG --pending              what is unfinished\n"
    "       till CONFIG [ORDER.json] --form ORDER-URL     go on with the form\n"
    "       till CONFIG [ORDER.json] --confirm ORDER-URL  go on with the confirmation\n"
    "       till CONFIG --set-ref ORDER-URL NUMBER    go on with the reference\n"
    "       till CONFIG --abandon ORDER-URL    the shopper left: give it up\n"
    "       till CONFIG --resolve ORDER-URL OUTCOME --reason TEXT   somebody looked in seQura's portal:\n"
    "              confirmed, or not_confirmed\n"
    "after the sale, which NUMBER names:\n"
    "       till CONFIG --ship NUMBER [ITEM[=QUANTITY] ...]     goods went out; none named: all that is left\n"
    "       till CONFIG --refund NUMBER [ITEM[=QUANTITY] ...]   goods came back; none named: all that went out\n"
    "       till CONFIG --refund NUMBER --amount CENTS [--reason TEXT]   so much is paid back\n"
    "       till CONFIG --cancel NUMBER [--reason TEXT]         nothing of the sale takes place\n"
    "       till CONFIG --update NUMBER CHANGES.json            carts, addresses, trackings\n"
    "       till CONFIG --info NUMBER                   where the sale stands\n"
    "       till CONFIG --log [NUMBER]                  what was asked of seQura; what needs attention first\n"
    "       till CONFIG --dismiss ENTRY                 an entry of the log is seen to\n"
    "       till CONFIG --reconcile                     the sales against seQura's payouts\n"
    "       till CONFIG --report                        what was shipped since the last one; daily\n"
    "       till CONFIG --self-test                     does everything work on this machine?\n"
    "options:\n"
    "  --ref NUMBER     the ticket number, seQura's order_ref_1 (default: made of the time)\n"
    "  --ref-first      send it with the order: the confirmation then settles the sale\n"
    "  --product CODE   seQura's product for the form (default: pp3)\n"
    "  --sales FILE     the till's own book (default: sales.txt)\n"
    "  --yes            do not ask the operator: the shopper is approved\n"
    "  --quick          without looking at the account and its payment methods first\n"
    "exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, ask again;\n"
    "  5 this machine; 6 confirmed without its reference; 7 not approved yet\n";

// What the command line asks for, beside what it says of the till and its sale.
class Command {
public:
    // Reads it; false if it makes no sense.
    bool read(int argc, char **argv);
    // Does it.
    Exit run() const;

    Command() : entry_(SELL), quick_(false), has_amount_(false), has_reason_(false) {}

private:
    bool option(const std::string &word, const std::string &value);
    bool is_sensible() const;
    Exit run_entry(Till &till) const;

    Entry entry_;
    std::string config_;
    bool quick_;
    std::string name_, more_;  // the words that the entry needs
    Till::Items words_;        // those that may follow: items, or the sale whose log is meant
    bool has_amount_, has_reason_;
    std::string amount_, reason_;
    Settings settings_;
};

const EntryWord *find_entry(const std::string &word)
{
    for (std::size_t i = 0; i < sizeof entry_words / sizeof entry_words[0]; ++i)
        if (word == entry_words[i].word)
            return &entry_words[i];
    return NULL;
}

// An option with a value; false if there is no such option.
bool Command::option(const std::string &word, const std::string &value)
{
    if (word == "--product")
        settings_.product = value;
    else if (word == "--sales")
        settings_.book = value;
    else if (word == "--ref" && is_ticket(value))
        settings_.ticket = value;
    else if (word == "--amount" && is_number(value))
        amount_ = value, has_amount_ = true;
    else if (word == "--reason")
        reason_ = value, has_reason_ = true;
    else
        return false;
    return true;
}

bool Command::is_sensible() const
{
    if (has_amount_ && (entry_ != REFUND || !words_.empty()))
        return false;
    if (has_reason_ && entry_ != CANCEL && entry_ != RESOLVE && !(entry_ == REFUND && has_amount_))
        return false;
    if (entry_ == RESOLVE && !has_reason_)
        return false;
    for (Till::Items::const_iterator word = words_.begin(); word != words_.end(); ++word)
        if (entry_ != LOG && !is_item(*word))
            return false;
    if ((entry_ == LOG && words_.size() > 1) || (entry_ == DISMISS && !is_number(name_)))
        return false;
    if (settings_.order_file.empty() && (entry_ == SELL || settings_.ref_first))
        return false;
    return true;
}

bool Command::read(int argc, char **argv)
{
    if (argc < 2 || argv[1][0] == '-')
        return false;
    config_ = argv[1];
    for (int i = 2; i < argc; ++i) {
        const std::string word = argv[i];
        const EntryWord *const entry = find_entry(word);
        if (entry) {
            if (entry_ != SELL || i + entry->needs >= argc)
                return false;
            entry_ = entry->entry;
            name_ = entry->needs > 0 ? argv[++i] : "";
            more_ = entry->needs > 1 ? argv[++i] : "";
        } else if (word == "--yes") {
            settings_.asks = false;
        } else if (word == "--quick") {
            quick_ = true;
        } else if (word == "--ref-first") {
            settings_.ref_first = true;
        } else if (word.compare(0, 1, "-") != 0) {
            if (entry_ == SHIP || entry_ == REFUND || entry_ == LOG)
                words_.push_back(word);
            else if (settings_.order_file.empty())
                settings_.order_file = word;
            else
                return false;
        } else if (++i == argc || !option(word, argv[i])) {
            return false;
        }
    }
    if (entry_ == SET_REF && !is_ticket(settings_.ticket = more_))
        return false;
    if (entry_ < RECOVER || entry_ == ABANDON || entry_ == RESOLVE)
        settings_.url = name_;
    return is_sensible();
}

Exit Command::run_entry(Till &till) const
{
    Exit result = exit_done;
    switch (entry_) {
    case SELL:
        if (!quick_)
            result = till.check_account();
        return result == exit_done ? till.start() : result;
    case FORM: return till.send_form();
    case CONFIRM: return till.confirm();
    case SET_REF: return till.set_reference();
    case RECOVER: return exit_done;
    case PENDING: return till.show_book();
    case ABANDON: return till.abandon();
    case RESOLVE: return till.resolve(more_, reason_);
    case SHIP: return till.ship(name_, words_);
    case REFUND: return has_amount_ ? till.refund_amount(name_, amount_, reason_) : till.refund(name_, words_);
    case CANCEL: return till.cancel(name_, reason_);
    case UPDATE: return till.update(name_, more_);
    case INFO: return till.show_info(name_);
    case LOG: return till.show_log(words_.empty() ? "" : words_[0]);
    case DISMISS: return till.dismiss(name_);
    case RECONCILE: return till.show_payouts();
    case REPORT: return till.report();
    case SELF_TEST: return till.self_test();
    }
    return exit_usage;
}

Exit Command::run() const
{
    sequra::Client client(sequra::Config::file(config_));
    show_problems("warning", client.opened().warnings());
    Till till(client, settings_);

    // What was left unfinished comes first. Where it cannot be finished now, it stops no other sale. But a
    // change after the sale takes along what has no answer of its own order: were that recovered first,
    // a command that is given again for want of an answer would ship as many goods again.
    const bool recovers = entry_ <= RECOVER;
    Exit result = exit_done;
    if (recovers) {
        const Exit recovered = till.recover(client.opened().int_or("/data/journal/pending", 0) != 0);
        if (entry_ == RECOVER)
            result = recovered;
    }
    if (entry_ == PENDING || entry_ == RECOVER || (recovers && !quick_)) {
        const Exit shown = till.show_pending();
        if (result == exit_done)
            result = shown;
    }
    return result == exit_done ? run_entry(till) : result;
}

}

int main(int argc, char **argv)
{
    Command command;
    if (!command.read(argc, argv)) {
        std::cerr << usage;
        return exit_usage;
    }
    if (sequra::abi_version() != SQ_ABI_VERSION) {
        std::cerr << "the library is not the one this program was compiled for\n";
        return exit_machine;
    }
    try {
        return command.run();
    } catch (const sequra::Error &error) {
        show("open", error.result());
        return exit_status(error.result());
    } catch (const Stop &stop) {
        std::cerr << argv[0] << ": " << stop.what() << '\n';
        return exit_usage;
    }
}
