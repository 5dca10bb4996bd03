// x11_till CONFIG ORDER.json: a sale in a program with one event loop, which never waits for seQura. Calls are made in a
// thread of their own, one at a time; what came of them returns through a pipe that the loop polls beside the display, and
// only there is anything decided or shown. Any loop that polls descriptors does it so: Xt, GLib, libuv, one of your own.
// Keys: p, a, c, q in the window, or lines on the standard input, as of a keypad; what the operator sees is written to the
// standard output, too.
#include <X11/Xlib.h>
#include <X11/Xutil.h>

#include <sequra_pos.hpp>

#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <poll.h>
#include <unistd.h>

using sequra::Client;
using sequra::Result;
using sequra::State;

namespace {

typedef std::function<Result()> Call;

// One call in a thread of its own. The pipe says that its answer is there; the answer is read once the thread has ended.
class Worker {
public:
    Worker()
    {
        if (pipe(ends_) != 0)
            throw std::runtime_error("no pipe");
    }
    ~Worker()
    {
        if (thread_.joinable())
            thread_.join();
        close(ends_[0]);
        close(ends_[1]);
    }
    int descriptor() const { return ends_[0]; }

    // It may take as long as timeouts.total_ms and a second say.
    void begin(const Call &call)
    {
        thread_ = std::thread([this, call] {
            try {
                answer_ = call();
            } catch (const sequra::Error &error) {
                answer_ = error.result();
            }
            while (write(ends_[1], "", 1) != 1) {
            }
        });
    }
    Result end()
    {
        char byte;
        while (read(ends_[0], &byte, 1) != 1) {
        }
        thread_.join();
        return answer_;
    }

private:
    int ends_[2];
    std::thread thread_;
    Result answer_;
};

class Window {
public:
    Window() : display_(XOpenDisplay(nullptr))
    {
        if (!display_)
            throw std::runtime_error("no display");
        const int screen = DefaultScreen(display_);
        window_ = XCreateSimpleWindow(display_, RootWindow(display_, screen), 0, 0, 800, 200, 1,
                                      BlackPixel(display_, screen), WhitePixel(display_, screen));
        closing_ = XInternAtom(display_, "WM_DELETE_WINDOW", False);
        XSetWMProtocols(display_, window_, &closing_, 1);
        XSelectInput(display_, window_, ExposureMask | KeyPressMask);
        XMapWindow(display_, window_);
        XFlush(display_);
    }
    ~Window() { XCloseDisplay(display_); }
    int descriptor() const { return ConnectionNumber(display_); }

    void show(const std::string &line)
    {
        line_ = line;
        draw();
    }
    // Everything that has come; gives the keys, 'q' for the window's own.
    std::string keys()
    {
        std::string pressed;
        while (XPending(display_)) {
            XEvent event;
            XNextEvent(display_, &event);
            char text[8];
            if (event.type == Expose)
                draw();
            else if (event.type == KeyPress)
                pressed.append(text, static_cast<std::size_t>(XLookupString(&event.xkey, text, sizeof text, nullptr, nullptr)));
            else if (event.type == ClientMessage && static_cast<Atom>(event.xclient.data.l[0]) == closing_)
                pressed += 'q';
        }
        return pressed;
    }

private:
    void draw()
    {
        XClearWindow(display_, window_);
        XDrawString(display_, window_, DefaultGC(display_, DefaultScreen(display_)), 10, 30, line_.c_str(),
                    static_cast<int>(line_.size()));
        XFlush(display_);
    }

    Display *display_;
    ::Window window_;
    Atom closing_;
    std::string line_;
};

class Till {
public:
    Till(Client &client, const std::string &order) : client_(client), order_(order)
    {
        // What an earlier run was killed in comes before the first sale, and does not stop it.
        ask("What was left open is being finished.", [this] { return client_.recover(); });
    }
    int answers() const { return worker_.descriptor(); }
    int keys() const { return window_.descriptor(); }
    bool is_closed() const { return is_closing_ && !is_asking_; }

    void look()
    {
        for (const char key : window_.keys())
            pressed(key);
    }
    void pressed(char key)
    {
        if (key == 'q')
            close();
        else if (enabled_.find(key) == std::string::npos)
            tell(text_); // the screen goes on, whatever is being asked
        else if (key == 'c')
            cancel();
        else if (key == 'p')
            pay();
        else if (is_at_risk())
            ask("seQura is being asked again. Keep the goods, take no other payment.",
                [this] { return client_.recover(url_); });
        else
            ask("seQura is being asked. Keep the goods, take no other payment.",
                [this] { return client_.confirm(url_, order_); });
    }

    // What the order is now, its state says, whatever came of the call.
    void answered()
    {
        const Result answer = worker_.end();
        is_asking_ = false;
        state_ = answer.order().state;
        url_ = answer.order().url;
        if (is_unwanted_ && can_be_undone())
            cancel();
        else if (!is_closing_)
            show(answer.operator_message(), answer.value_or("/data/amounts/owed") == "0" ? "" : keys_of_the_order());
    }

private:
    // While a call is under way nothing here changes but the wish not to sell: the worker may read url_ and order_.
    void ask(const std::string &meanwhile, const Call &call)
    {
        is_asking_ = true;
        show(meanwhile, "c");
        worker_.begin(call);
    }
    void pay()
    {
        is_unwanted_ = false;
        ask("The form is being sent.", [this] {
            return client_.send_form(url_.empty() ? client_.start_solicitation(order_).order().url : url_, "pp3");
        });
    }

    // Before the confirmation it gives the order up; during it, it is remembered; after it, it is a change at seQura.
    void cancel()
    {
        if (is_asking_ || is_at_risk()) {
            is_unwanted_ = true;
            tell("What is asked cannot be taken back: the sale is undone as soon as seQura has answered. Keep the goods.");
            return;
        }
        is_unwanted_ = false;
        if (state_ == State::settled)
            ask("The sale is being undone at seQura.", [this] { return undo(); });
        else if (!url_.empty())
            ask("The sale is being given up.", [this] { return client_.abandon(url_); });
    }

    // What has not left is cancelled; what has, as goods_leave of the configuration says, comes back. In the worker.
    Result undo()
    {
        const bool is_here = client_.order_info(url_).int_or("/data/amounts/shipped", 0) == 0;
        return is_here ? client_.cancel(url_, "customer_cancel") : client_.refund(url_);
    }

    // A call is not interrupted: the program ends after its answer. Killed before, it goes on at its next start.
    void close()
    {
        is_closing_ = true;
        if (is_asking_)
            tell("The till closes when seQura has answered.");
    }

    // Sold, or it may be, and not yet registered: neither given up nor handed over.
    bool is_at_risk() const
    {
        return state_ == State::confirming || state_ == State::confirmed || state_ == State::referencing
            || state_ == State::ref_conflicted;
    }
    bool is_with_the_shopper() const { return state_ == State::form_sent || state_ == State::held; }
    bool can_be_undone() const
    {
        return is_with_the_shopper() || state_ == State::solicited || state_ == State::conflicted || state_ == State::settled;
    }
    std::string keys_of_the_order() const
    {
        if (state_ == State::abandoned || state_ == State::cancelled)
            return "";
        if (state_ == State::settled || state_ == State::conflicted) // settled: only now hand over the goods
            return "c";
        return std::string(is_with_the_shopper() || is_at_risk() ? "a" : "p") + (url_.empty() ? "" : "c");
    }

    void show(const std::string &what, const std::string &enabled)
    {
        enabled_ = enabled;
        tell(what);
    }
    void tell(const std::string &what)
    {
        text_ = what;
        std::string line = "screen: " + what;
        for (const char *key : {"pay", "approved", "cancel"})
            if (enabled_.find(key[0]) != std::string::npos)
                line += std::string(" [") + key + "]";
        window_.show(line);
        std::cout << line << std::endl;
    }

    Client &client_;
    // It has its ticket number, order_ref_1: what is confirmed is settled with it at once.
    const std::string order_;
    Window window_;
    std::string url_, text_, enabled_;
    State state_;
    bool is_asking_ = false, is_unwanted_ = false, is_closing_ = false;
    // The last member: it is gone before what its call reads.
    Worker worker_;
};

std::string read_all(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

void run(Till &till)
{
    std::string line;
    for (int keypad = STDIN_FILENO;;) {
        till.look(); // also what Xlib has read while it drew: the descriptor does not say that any more
        if (till.is_closed())
            return;
        pollfd from[] = {{till.keys(), POLLIN, 0}, {till.answers(), POLLIN, 0}, {keypad, POLLIN, 0}};
        if (poll(from, 3, -1) < 0)
            continue;
        if (from[1].revents)
            till.answered();
        char bytes[64];
        const ssize_t came = from[2].revents ? read(keypad, bytes, sizeof bytes) : -1;
        if (came == 0) {
            till.pressed('q');
            keypad = -1;
        }
        for (ssize_t i = 0; i < came; ++i) {
            if (bytes[i] != '\n') {
                line += bytes[i];
                continue;
            }
            if (!line.empty())
                till.pressed(line[0]);
            line.clear();
        }
    }
}

}

int main(int, char **words)
{
    try {
        Client client(sequra::Config::file(words[1]));
        Till till(client, read_all(words[2]));
        run(till);
        return 0;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
