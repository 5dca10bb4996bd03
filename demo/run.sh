#!/bin/sh
# The demonstration: the C till of bindings/c sells with the simulated seQura, well and badly.
#
# `make demo` calls this when everything is built. Environment, with what is taken otherwise:
#   SEQURA_POS_LIB_DIR   folder with libsequra_pos.so and libsequra_pos.so.1   (target/release, target/debug)
#   SEQURA_SANDBOX       the simulator's program                        (beside the library, or as above)
#   CC                   the C compiler                                       (cc)
#
# Every scene states what it expects, and the script ends with a failure at the first thing that
# comes otherwise. Nothing is left behind: not the simulator, not the folder it all happens in.

set -u

root=$(cd "$(dirname "$0")/.." && pwd)
release=$root/target/release
debug=$root/target/debug
if [ -n "${SEQURA_POS_LIB_DIR:-}" ]; then
    lib=$SEQURA_POS_LIB_DIR
elif [ -e "$release/libsequra_pos.so" ]; then
    lib=$release
else
    lib=$debug
fi
sandbox=${SEQURA_SANDBOX:-}
for folder in "$lib" "$release" "$debug"; do
    [ -n "$sandbox" ] || [ ! -x "$folder/sequra-sandbox" ] || sandbox=$folder/sequra-sandbox
done
[ -e "$lib/libsequra_pos.so" ] || { echo "demo: no libsequra_pos.so in $lib" >&2; exit 1; }
[ -x "$sandbox" ] || { echo 'demo: no simulator; cargo build -p sequra-sandbox makes it' >&2; exit 1; }
lib=$(cd "$lib" && pwd)
order=$root/bindings/c/order.json

if [ -t 1 ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
else
    bold='' dim='' red='' plain=''
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/sequra-demo.XXXXXX") || exit 1
seconds_left=150      # tenths of a second to wait for things that should take none
simulator=''
till=''
port=0

clean_up() {
    [ -n "$till" ] && kill "$till" 2>/dev/null
    [ -n "$simulator" ] && kill "$simulator" 2>/dev/null && wait "$simulator" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

fail() {
    printf '\n%sdemo: in "%s": %s%s\n' "$red" "${scene:-the preparations}" "$*" "$plain" >&2
    [ -s "$work/out" ] && { echo '--- what the till said last:'; cat "$work/out"; } >&2
    exit 1
}

pause() { sleep 0.1 2>/dev/null || sleep 1; }

# Waits until the command succeeds.
until_true() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt "$seconds_left" ] || return 1
        pause
    done
}

# ---- the telling --------------------------------------------------------------------------------

number=0
scene() {
    number=$((number + 1))
    scene=$1
    printf '\n%s%s. %s%s\n' "$bold" "$number" "$1" "$plain"
}
tell() { printf '%s# %s%s\n' "$dim" "$*" "$plain"; }

# ---- seQura, simulated --------------------------------------------------------------------------

start_sequra() {      # PORT; 0: a free one
    rm -f "$work/ready"
    "$sandbox" --quiet --http "$1" --ca-file "$work/ca.pem" --ready-file "$work/ready" \
        >"$work/sandbox.log" 2>&1 &
    simulator=$!
    until_true test -s "$work/ready" || { cat "$work/sandbox.log" >&2; fail "the simulator does not start"; }
    port=$(sed -n 's/.*"http":"http:[^"]*:\([0-9]*\)".*/\1/p' "$work/ready")
    [ -n "$port" ] || fail "the simulator does not say where it is"
}

phone() { "$work/phone" "$port" "$@" >"$work/phone.out" || fail "the simulator refuses $*"; }

stop_sequra() {
    keep_ledger
    kill "$simulator" && wait "$simulator"
    simulator=''
}

# The ledger as lines "event uuid reference-or-dash amount", for the last scene.
keep_ledger() {
    phone GET /_sandbox/ledger
    tr '{' '\n' <"$work/phone.out" | awk -F '[",:{}]+' '/"event"/ {
        reference = "-"
        for (i = 1; i < NF; i++) {
            if ($i == "event") event = $(i + 1)
            if ($i == "uuid") uuid = $(i + 1)
            if ($i == "amount") amount = $(i + 1)
            if ($i == "order_ref_1" && $(i + 1) != "null") reference = $(i + 1)
        }
        print event, uuid, reference, amount
    }' >>"$work/ledger"
}

shopper_approves() {      # [WHAT HAPPENS MEANWHILE]
    phone POST "/_sandbox/orders/$(uuid)/approve"
    tell "Íñigo's phone says: approved. ${1:-The operator presses Enter.}"
}

# ---- the till -----------------------------------------------------------------------------------

# The order at seQura of the till's latest sale.
uuid() { tail -n 1 "$work/sales.txt" | sed 's/.*\///'; }

run_till() { (cd "$work" && exec ./till till.json "$@"); }

command_line() { printf '%s$ till till.json %s%s\n' "$dim" "$*" "$plain"; }

# The first scene shows a sale in full. After it, what is said when a step went well is known, and
# so is the receipt; and so is, once it was seen, that the book is written before a change, too.
leave_out_the_known() {
    awk '/^ *-----/ { receipt = !receipt; next }
         receipt || / is now changing$/ { next }
         /^  operator >>/ && well { saying = 1; next }
         saying && /^   / { next }
         { saying = 0; well = / SQ_OK/; print }'
}

# A command of the till that asks nobody. With "fully" as its first word, all of it is shown.
# [fully] STATUS ARGUMENTS
till_does() {
    show=leave_out_the_known
    [ "$1" = fully ] && { show=cat; shift; }
    wanted=$1
    shift
    command_line "$*"
    run_till "$@" </dev/null >"$work/out" 2>&1
    came=$?
    $show <"$work/out"
    [ "$came" -eq "$wanted" ] || fail "the till ended with $came and not with $wanted"
}

# Sales that are not shown. TICKET...
till_has_sold() {
    for ticket in "$@"; do
        run_till order.json --ref "$ticket" --quick </dev/null >"$work/out" 2>&1
        phone POST "/_sandbox/orders/$(uuid)/approve"
        run_till order.json --confirm "$(uuid)" --yes --quick >"$work/out" 2>&1
        expect_in_book registered "$ticket"
    done
}

# A sale, up to the till's question to the operator. With "briefly" as its first word, only what
# comes before the sale's own start is shown here, and later no receipt.
till_begins() {
    brief=''
    [ "$1" = briefly ] && { brief=yes; shift; }
    command_line "$*"
    rm -f "$work/operator"
    mkfifo "$work/operator" || fail "no mkfifo"
    (cd "$work" && exec ./till till.json "$@") <"$work/operator" >"$work/out" 2>&1 &
    till=$!      # the program itself, to be killed
    exec 3>"$work/operator"
    printed=0
    till_asks "$brief"
}

asks() { [ "$(wc -c <"$work/out")" -gt "$printed" ] && tail -n 1 "$work/out" | grep '^  operator ?'; }
asks_or_ended() { asks || ! kill -0 "$till"; }
what_is_new() {      # since the question that was answered, if one was
    tail -c +$((printed + 1)) "$work/out" | sed '1{/^$/d;}' \
        | if [ -n "$brief" ]; then leave_out_the_known; else cat; fi
}

# Waits for the till's next question, and prints what it said until then; not the question itself,
# which goes with the operator's answer. [yes: only what comes before the start]
till_asks() {
    until_true asks_or_ended
    asks >/dev/null || fail "the till asks nothing"
    if [ -n "${1:-}" ]; then what_is_new | sed '/^  start /,$d'; else what_is_new | sed '$d'; fi
    printed=$(wc -c <"$work/out")
}

operator_types() {      # TEXT, or nothing for the Enter key alone
    question=$(tail -n 1 "$work/out" | sed 's/ *$/ /')
    [ -n "$brief" ] && [ -z "${1:-}" ] || printf '%s%s%s%s\n' "$question" "$bold" "${1:-(Enter)}" "$plain"
    printf '%s\n' "${1:-}" >&3
}

# The operator leaves, or has no more to say; the till ends. STATUS
till_ends() {
    exec 3>&-
    wait "$till"
    came=$?
    till=''
    what_is_new
    [ "$came" -eq "$1" ] || fail "the till ended with $came and not with $1"
}

# No warning, no last word.
till_is_killed() {
    kill -9 "$till"
    wait "$till" 2>/dev/null
    till=''
    exec 3>&-
}

count_requests() { phone GET /_sandbox/stats && cp "$work/phone.out" "$work/before"; }
nothing_was_sent() {
    phone GET /_sandbox/stats
    cmp -s "$work/phone.out" "$work/before" || fail 'something was sent'
}

sequra_has_confirmed() { phone GET "/_sandbox/orders/$(uuid)" && grep '"state":"confirmed"' "$work/phone.out"; }

expect() {
    for words in "$@"; do
        tr -s '\n ' '  ' <"$work/out" | grep -F -- "$words" >/dev/null || fail "the till did not say: $words"
    done
}

expect_not() {
    tr -s '\n ' '  ' <"$work/out" | grep -F -- "$1" >/dev/null && fail "the till said: $1"
    return 0
}

expect_in_book() {      # STATE TICKET: what the sale has come to
    grep "^[a-z_]*  *$2 " "$work/sales.txt" | tail -n 1 | grep "^$1 " >/dev/null \
        || fail "the book does not say that $2 is $1"
}

# ---- the preparations ---------------------------------------------------------------------------

compile() {      # PROGRAM, then what else the compiler wants to know
    program=$1
    shift
    ${CC:-cc} -std=c89 -pedantic -Wall -Wextra -O -o "$work/$program" "$@" >"$work/cc.log" 2>&1 \
        || { cat "$work/cc.log" >&2; fail "cannot compile $program"; }
}

here=$root/bindings/c
for program in till till_builder; do
    compile "$program" "$here/$program.c" "$here/program.c" "$here/sale.c" "$here/after_sale.c" \
        "$here/recovery.c" "$here/unfinished.c" "$here/records.c" "$here/answer.c" "$here/book.c" "$here/text.c" "$here/wait.c" \
        -I"$root/include" -L"$lib" -lsequra_pos -Wl,-rpath,"$lib"
done
compile phone "$root/demo/phone.c"
start_sequra 0
cp "$order" "$work/order.json"

configuration() {      # JOURNAL
    cat <<END
{"base_url": "http://127.0.0.1:$port", "account_key": "sandbox_key", "account_secret": "sandbox_secret",
 "merchants": {"ES": "shop_es"}, "journal": "$1", "timeouts": {"connect_ms": 1000, "total_ms": 3000}}
END
}
configuration till.journal >"$work/till.json"
configuration other.journal >"$work/other.json"

echo "${bold}A till written in C sells with seQura$plain"
echo 'The till is bindings/c/till.c, the basket order.json: a bicycle, two helmets, the delivery, less a'
echo 'discount, less 50,00 EUR paid in cash. seQura is simulated; the till does not know. What stands'
echo 'after "operator >>" is what the library tells the person at the till. The first sale is shown in'
echo 'full; after it, the start, the form, receipts, and messages of steps that went well are left out.'

# ---- the good case ------------------------------------------------------------------------------

scene 'A sale'
till_begins order.json --ref R-100
shopper_approves 'He shows it to the operator.'
operator_types
till_ends 0
expect 'pending nothing' 'shop_es in ES' 'start SQ_OK, HTTP 204' 'form SQ_OK, HTTP 204' \
    'confirm SQ_OK, HTTP 200: confirmed' 'reference SQ_OK, HTTP 200: settled' \
    'Ya puede entregar' 'Ticket R-100 382,90 EUR'
expect_in_book registered R-100

# ---- the bad ones -------------------------------------------------------------------------------

scene 'An order that cannot be right is never sent'
tell 'Its total is 100,00 EUR too high, a price is not in cents, and the e-mail address is none.'
sed 's/: 38290,/: 48290,/; s/: 4550,/: 45.50,/; s/munoz@example.com/munoz/' "$order" >"$work/wrong.json"
count_requests
till_does 2 wrong.json --ref R-101 --quick
expect 'start SQ_INVALID_ORDER' 'cart_total_mismatch at /cart/order_total_with_tax' '48290' '38290' \
    'at /cart/items/1/price_with_tax' 'at /customer/email'
expect_not 'HTTP'
nothing_was_sent

scene 'The ticket number is taken: seQura says so at the confirmation'
(cd "$work" && ./till_builder other.json --ref R-200 --sales other.txt </dev/null >out 2>&1)
tail -n 1 "$work/other.txt" | grep '^started' >/dev/null || fail 'the other till does not sell'
phone POST "/_sandbox/orders/$(tail -n 1 "$work/other.txt" | sed 's/.*\///')/approve"
(cd "$work" && ./till_builder other.json --confirm "$(sed -n 's/.*\///p' other.txt | tail -n 1)" --yes \
    --sales other.txt >out 2>&1) || fail 'the other till does not sell'
tell "The shop's other till (till_builder.c, the same order without JSON) has just sold under R-200."
till_begins briefly order.json --ref R-200 --ref-first --quick
shopper_approves
operator_types
till_asks
expect 'confirm SQ_DUPLICATE_ORDER_REF, HTTP 409: conflicted; next: choose_another_ref'
expect_in_book started R-200
operator_types R-201
till_ends 0
expect 'confirm SQ_OK, HTTP 200: settled'
expect_in_book registered R-201

scene 'The ticket number is taken: seQura says so when it is registered'
till_begins briefly order.json --ref R-200 --quick
shopper_approves
operator_types
till_asks
expect 'confirm SQ_OK, HTTP 200: confirmed' \
    'reference SQ_DUPLICATE_ORDER_REF, HTTP 409: ref_conflicted'
tell 'The operator is called away. Confirmed and without a number, the order is money at risk:'
till_ends 6
expect_in_book completed R-200
till_does 0 --pending
expect 'ref_conflicted: needs order_ref_1' 'at risk 382,90 EUR'
till_does 0 --set-ref "$(uuid)" R-202 --quick
expect 'reference SQ_OK, HTTP 200: settled'
expect_in_book registered R-202

scene "seQura's answer is lost"
till_begins briefly order.json --ref R-300 --quick
shopper_approves 'seQura confirms, and the line breaks before the till hears of it.'
phone POST /_sandbox/faults '{"kind":"close_after","method":"PUT","state":"confirmed"}'
operator_types
till_ends 4
expect 'confirm SQ_OUTCOME_UNKNOWN: confirming' 'keep the goods'
expect_in_book started R-300
till_does 0 --pending
expect 'confirming: needs answer' 'at risk 382,90 EUR'
tell 'The line is back. The till asks again, and finishes the sale:'
till_does 0 --recover
expect 'R-300 382,90 EUR confirming, now confirmed' 'reference SQ_OK, HTTP 200: settled' 'pending nothing'
expect_in_book registered R-300

scene 'The till is killed while seQura confirms'
till_begins briefly order.json --ref R-310 --quick
shopper_approves
phone POST /_sandbox/faults '{"kind":"delay","ms":2500,"when":"after","method":"PUT","state":"confirmed"}'
operator_types
until_true sequra_has_confirmed || fail 'seQura does not confirm'
till_is_killed
tell 'Power cut (kill -9): seQura has confirmed, its answer has not come, and the book says "started".'
expect_in_book started R-310
tell "The till is started again, for the next shopper. First of all it finishes what it was killed in:"
till_begins briefly order.json --ref R-311 --quick
expect 'R-310 382,90 EUR confirming, now confirmed' 'reference SQ_OK, HTTP 200: settled' 'Ticket R-310'
expect_in_book registered R-310
shopper_approves
operator_types
till_ends 0
expect_in_book registered R-311

scene 'seQura cannot be reached'
stop_sequra
lines=$(wc -l <"$work/sales.txt")
till_does 4 order.json --ref R-400 --quick
expect 'start SQ_UNREACHABLE: soliciting; next: call_again' 'Nothing was sent'
[ "$(wc -l <"$work/sales.txt")" -eq "$lines" ] || fail 'the book has a sale that never began'
till_does 0 --pending
expect 'soliciting: needs answer'
start_sequra "$port"
tell 'seQura is back, and the basket is rung up again. What was begun before is of no use to anybody:'
till_begins briefly order.json --ref R-400 --quick
expect 'soliciting, now solicited' 'it is given up'
shopper_approves
operator_types
till_ends 0
expect_in_book registered R-400

scene 'The basket is changed while the shopper is being approved'
till_begins briefly order.json --ref R-500 --quick
shopper_approves 'Meanwhile the helmets on the counter are swapped for size L.'
sed 's/CAS-07/CAS-09/; s/talla M/talla L/' "$order" >"$work/order.json"
operator_types
till_ends 3
expect 'confirm SQ_CONFLICT, HTTP 409: conflicted' 'cart_changed' 'next: restart_checkout' \
    'No complete la venta'
expect_not 'reference'
expect_in_book refused R-500
cp "$order" "$work/order.json"

scene 'The shopper leaves'
till_begins briefly order.json --ref R-600 --quick
tell 'Íñigo looks at the form, shakes his head and walks out.'
operator_types n
till_ends 7
expect_in_book started R-600
till_does 0 --abandon "$(uuid)"
expect 'abandon SQ_OK: abandoned'
expect_in_book abandoned R-600

# ---- the books ----------------------------------------------------------------------------------

scene 'What is left, and what each side has in its books'
till_does 0 --pending
expect 'conflicted: needs confirmation'
tell "That is R-500: refused as it was, it could be corrected and confirmed. Nothing of it is at risk."
expect_not 'soliciting'
expect_not 'at risk'
keep_ledger
{ cat "$work/other.txt" && sed 's/^/our /' "$work/sales.txt"; } | awk -v ledger="$work/ledger" '
    function money(cents) { return sprintf("%d,%02d", cents / 100, cents % 100) }
    BEGIN {
        while ((getline line <ledger) > 0) {
            split(line, part, " ")
            id = part[2]
            if (!(id in seen)) { order[++count] = id; seen[id] = 1 }
            if (part[1] == "confirmed") confirmed[id] = 1
            if (part[3] != "-" && confirmed[id]) reference[id] = part[3]
            last[id] = part[1]
            amount[id] = part[4]
        }
    }
    {
        ours = $1 == "our"
        if (ours) $1 = ""
        $0 = $0
        id = $6 == "" ? "?" : $6
        sub(/.*\//, "", id)
        state[id] = $1
        ticket[id] = $2
        till[id] = ours ? "this" : "other"
    }
    END {
        printf "\n  %-8s %-6s %-14s %-34s %10s\n", "ticket", "till", "till'"'"'s book", "seQura'"'"'s ledger", "EUR"
        for (i = 1; i <= count; i++) {
            id = order[i]
            says = last[id]
            if (confirmed[id]) says = "confirmed, " (id in reference ? "to be paid as " reference[id] : "NO REFERENCE")
            else says = says ", not sold"
            sold = (id in reference) && reference[id] == ticket[id]
            agree = state[id] == "registered" ? sold : state[id] ~ /^(refused|abandoned|)$/ && !confirmed[id]
            if (state[id] == "") ticket[id] = till[id] = state[id] = "-"
            if (!agree) wrong++
            printf "  %-8s %-6s %-14s %-34s %10s%s\n", ticket[id], till[id], state[id], says, money(amount[id]), agree ? "" : "  <- DISAGREES"
            if (sold) sum += amount[id]
        }
        printf "  %-8s %-6s %-14s %-34s %10s\n", "", "", "", "sum with a reference", money(sum)
        exit wrong > 0 || count != 11
    }' || fail 'the books do not agree'

# ---- after the sale -----------------------------------------------------------------------------

configuration afternoon.journal >"$work/till.json"
mv "$work/sales.txt" "$work/morning.txt"
till_has_sold R-700 R-701 R-702 R-703

echo
echo "${bold}After the sale$plain"
echo 'Another till of the shop has sold the same basket four times, as R-700 to R-703. "carts" has the'
echo 'totals of what seQura is told: what has not gone out yet, and what has. The library computes both.'

scene 'The goods go out in two parts'
tell 'First one helmet of two, with its share of the discount and of the cash, and with the delivery.'
till_does fully 0 --ship R-700 CAS-07=1
expect 'book R-700 is now changing' 'ship SQ_OK, HTTP 204' \
    'carts unshipped 331,74, shipped 51,16; owed 382,90 of 382,90 EUR'
expect_in_book partly_shipped R-700
tell 'The "changing" in the book, before each change, is left out from here on. Now all that is left:'
till_does 0 --ship R-700
expect 'carts unshipped 0,00, shipped 382,90; owed 382,90 of 382,90 EUR'
expect_in_book shipped R-700

scene 'A helmet comes back, and 5,00 EUR are paid back for a scratch'
tell 'Of its 45,50 EUR, 38,26 were owed: the rest is its share of the discount and of the cash.'
till_does 0 --refund R-700 CAS-07=1
expect 'refund SQ_OK, HTTP 204' 'carts unshipped 0,00, shipped 344,64; owed 344,64 of 382,90 EUR'
till_does 0 --refund R-700 --amount 500 --reason Rasguño
expect 'refund SQ_OK, HTTP 204' 'carts unshipped 0,00, shipped 339,64; owed 339,64 of 382,90 EUR'
expect_in_book partly_refunded R-700

scene 'More cannot be shipped than there is'
count_requests
till_does 2 --ship R-701 CAS-07=3
expect 'ship SQ_INVALID_ORDER' 'more_than_there_is at /0/quantity: Of CAS-07 there is a quantity of 2, and 3 was asked for.'
nothing_was_sent
expect_in_book registered R-701

scene 'A change gets no answer, and goes with the next'
tell 'One helmet goes out, and the line breaks. Then the rest goes out, on a line that holds.'
phone POST /_sandbox/faults '{"kind":"close_before","method":"PUT"}'
till_does 4 --ship R-701 CAS-07=1
expect 'ship SQ_OUTCOME_UNKNOWN' 'the next one, which takes it along'
expect_in_book changing R-701
till_does 0 --ship R-701 BIC-20=1 CAS-07=1
expect 'carts unshipped 0,00, shipped 382,90; owed 382,90 of 382,90 EUR'
expect_in_book shipped R-701

scene 'Nothing has gone out yet, and the shopper wants none of it any more'
till_does 0 --cancel R-702 --reason customer_cancel
expect 'cancel SQ_OK, HTTP 204: cancelled' 'owed 0,00 of 382,90 EUR'
expect_in_book cancelled R-702

scene 'seQura refuses a change, and the log has its words until somebody has seen to it'
tell 'The helmets are to cost 10,00 EUR more each.'
sed -n '/^  "cart"/,/^  },/{s/"cart"/{"unshipped_cart"/; s/^  },/  }}/; s/38290/40290/; s/9100/11100/; s/4550/5550/; p;}' \
    "$order" >"$work/dearer.json"
till_does 3 --update R-703 dearer.json
expect 'update SQ_CONFLICT, HTTP 409' 'carts unshipped 382,90, shipped 0,00; owed 382,90 of 382,90 EUR'
expect_in_book registered R-703
till_does 0 --log R-703
expect 'R-703 update_order SQ_CONFLICT, HTTP 409' 'Invalid data: order_total_with_tax 40290 is above the confirmed' \
    'to do: --dismiss'
entry=$(sed -n 's/.*--dismiss \([0-9]*\).*/\1/p' "$work/out")
till_does 0 --dismiss "$entry"
run_till --log R-703 >"$work/out" || fail 'the log cannot be read'
expect_not attention

scene 'In the evening seQura is told what was shipped'
till_does 0 --report
expect 'told shop_es, orders shipped: 2: SQ_OK'

scene 'seQura pays, and the shop compares'
tell 'seQura leaves R-703 out, and pays 0,50 EUR too little for R-700.'
phone POST /_sandbox/disburse '{"merchant":"shop_es","leave_out":["R-703"],"adjust":{"R-700":-50}}'
till_does 0 --reconcile
expect 'paid R-701 382,90 EUR' 'differing R-700 339,64 EUR, but paid 339,14 EUR' 'not paid R-703 382,90 EUR' \
    'unknown R-400 382,90 EUR'
tell 'R-400 was sold at the first till, which has a journal of its own.'

scene 'Does everything work that a sale needs?'
till_does 0 --self-test
for row in name_resolution connection clock credentials journal free_space; do expect "well $row"; done
expect_not 'NOT WELL'

scene "The carts, as the till's library has them and as seQura has them"
for ticket in R-700 R-701 R-702 R-703; do
    run_till --info "$ticket" >"$work/out" || fail "nothing is known of $ticket"
    sed -n "s/^  carts  *unshipped \([0-9,.]*\), shipped \([0-9,.]*\);.*/$ticket \1 \2/p" "$work/out"
done >"$work/carts"
phone GET /_sandbox/ledger
{ tr '{' '\n' <"$work/phone.out" | sed 's/^/sequra /'; sed 's/^/book /' "$work/sales.txt"; } \
    | awk -v carts="$work/carts" '
    function money(cents) { return sprintf("%d,%02d", cents / 100, cents % 100) }
    $1 == "book" { state[$3] = $2; next }
    {
        reference = unshipped = shipped = ""
        count = split($0, part, /[",:{}]+/)
        for (i = 1; i < count; i++) {
            if (part[i] == "order_ref_1") reference = part[i + 1]
            if (part[i] == "unshipped_total") unshipped = part[i + 1]
            if (part[i] == "shipped_total") shipped = part[i + 1]
        }
        if (unshipped ~ /^[0-9]/) sequra[reference] = money(unshipped) " " money(shipped)
    }
    END {
        printf "\n  %-8s %-16s %21s %21s\n", "", "", "the library", "seQura"
        printf "  %-8s %-16s %10s %10s %10s %10s\n", "ticket", "till'"'"'s book", "unshipped", "shipped", "unshipped", "shipped"
        while ((getline line <carts) > 0) {
            split(line, ours, " ")
            split(sequra[ours[1]], theirs, " ")
            agree = ours[2] == theirs[1] && ours[3] == theirs[2]
            if (!agree) wrong++
            printf "  %-8s %-16s %10s %10s %10s %10s%s\n", ours[1], state[ours[1]], ours[2], ours[3], \
                theirs[1], theirs[2], agree ? "" : "  <- DISAGREES"
            lines++
        }
        exit wrong > 0 || lines != 4
    }' || fail 'the carts do not agree'

echo
echo 'Every scene ended as it should, and the books and the carts agree.'

cat <<END

${bold}Play on yourself$plain
Start the simulated seQura, and look at its page: http://127.0.0.1:8080/ (--open shows it in a browser):

    ${sandbox#"$root"/} --http 8080 --open

In another terminal, compile the first sale and run it. It waits while you are the shopper, on the page:

    make -C bindings/c LIB_DIR=$(case $lib in "$root"/*) echo "../../${lib#"$root"/}" ;; *) echo "$lib" ;; esac) build/first_sale
    cd bindings/c && build/first_sale simulator.json order.json R-1

The page arms the bad luck of the scenes above, too: press, sell again, and see what the till says.
END
