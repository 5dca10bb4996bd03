# make demo    builds the library and the simulator, and shows a C till selling with them
# make demo-office  head office: three shops sell, a till's disk is lost, and what it owed is finished on another machine
# make test    sets up what is needed and runs every test
# make test-long  what takes longer or looks from further away: the same tests 400 days later, the audit, the sanitizers
# make test-asan  the C and Rust suites, and what fuzzing has found, under AddressSanitizer and LeakSanitizer
# make test-tsan  the C and Rust suites under ThreadSanitizer
# make test-browser  the simulator's pages in Chromium, while a C till sells, and the office's; pictures of them in target/pictures
# make explore  seeds of chance that nobody has tried, for FOR=600 seconds; says what to add to the tree when one fails
# make crash   kills tills by chance and holds their books against the journal's and seQura's;
#              N=10000 says how many kills, SEED=… repeats a campaign
# make power   cuts the power more often than make test does: TIMES=8 as often, SEED= one of your own
# make fuzz    inputs that nobody thought of, through the C ABI; FOR=600 seconds for each kind
# make header  writes include/sequra_pos.h from the sources
# make bindings  writes the declarations of every binding, from the header and the crate
# make results   writes what every function gives back, as its page shows it, from a day of a till
# make journals  writes a journal of the present schema, for later versions to be tested with
# make abi       records the ABI of a version that is given out, in abi/
# make test-office-books  tills, forwarders, offices and PostgreSQL, killed, cut, put back and destroyed, and all books held
#              against each other
# make office-chaos  goes on with that until N=1000 tills' disks were destroyed; SEED=… repeats a campaign
# make windows   builds the DLLs for Windows, 64 and 32 bits, on Linux
# make test-windows  builds them and tests them under wine, 64 and 32 bits; as root
# make dist    packages for all platforms, into dist/
# make test-dist  makes them, and tests each as a stranger would use it; as root
# make audit   holds what is taken from others against what is known and allowed
# make bench   measures what calls cost, next to what a till's author would write without the library;
#              HISTORY=100000 settled orders behind them instead of a million

# make test-office  the office's tests, against a PostgreSQL of their own
# make bench-office  what taking frames in costs, next to bare pgbench of the same statements

release = target/release/libsequra_pos.so
sandbox = target/debug/sequra-sandbox
# Every test uses one debug build, which can be ended at numbered points and told to panic; the shipped
# one cannot.
armed = --features sequra-pos/crash-points,sequra-pos/panic-on-demand
N = 1000

# What make test-long does, one line for each part: a target of its own, which sets up what it needs.
long += test-later
long += audit
long += test-browser
long += test-asan
long += test-tsan
long += test-forward
long += test-office-long
long += test-office-books
long += test-demo-office

# What builds and tests need, one line for each language or kind of package.
needs += c++ cmake curl valgrind nm readelf abidiff libx11-dev x86_64-w64-mingw32-g++-posix
needs += javac libjna-java
needs += python3-venv
needs += mcs mono
needs += Xvfb default-jre libmono-system-windows-forms4.0-cil
needs += cobc
needs += fpc
needs += postgresql
needs_of_bench = cc valgrind nginx libcurl4-openssl-dev libcjson-dev libsqlite3-dev
needs += $(needs_of_bench)
cross = cargo-web rustc-web rust-web-src x86_64-w64-mingw32-gcc-posix i686-w64-mingw32-gcc-posix llvm-dlltool
needs_of_dist = cargo cc python3 python3-venv mcs dpkg-deb $(cross)
needs_of_arm = cargo cc python3 python3-venv cargo-web rustc-web rust-web-src \
	aarch64-linux-gnu-g++ arm-linux-gnueabihf-g++ qemu-aarch64 qemu-arm
needs_of_wine = wine64 debootstrap unshare clang lld-link python3-venv mcs libmono-system-windows-forms4.0-cil
needs_of_browser = cargo cc python3 chromium chromedriver openssl postgresql
needs_of_sanitizers = cargo clang libclang-rt-dev c++ llvm-symbolizer
needs_of_packages = c++ readelf pkg-config cmake mono debootstrap unshare wine64 \
	x86_64-w64-mingw32-g++-posix i686-w64-mingw32-g++-posix

arm = aarch64-unknown-linux-gnu armv7-unknown-linux-gnueabihf

# Python goes through sets of texts in an order that it draws; here in the same one each time.
export PYTHONHASHSEED = 0

# Long steps say what they are; the tools show their own progress.
say = @printf '\n== %s\n'

.PHONY: demo demo-office test-demo-office test test-long test-later test-forward test-browser test-asan test-tsan test-library test-bindings explore crash power fuzz test-office test-office-long test-office-books office-chaos bench-office library simulator header bindings results journals abi bench clean
.PHONY: windows test-windows run-under-wine dist test-dist use-packages dist-arm test-arm run-under-qemu audit

demo: library simulator
	@SEQURA_POS_LIB_DIR=target/release SEQURA_SANDBOX=$(sandbox) sh demo/run.sh

test: test-library
	@scripts/setup.sh $(needs) $(needs_of_dist)
	@# Side by side: what is tested there is one program at a time, what is built for other systems another.
	@$(MAKE) --no-print-directory --jobs=2 test-bindings dist
	@if [ "$$(id -u)" = 0 ]; then \
		$(MAKE) --no-print-directory run-under-wine use-packages; \
	else \
		printf '\n== NOT RUN, as they need root: make test-windows, make test-dist\n'; \
	fi
	$(say) 'the demonstration'
	@SEQURA_POS_LIB_DIR=target/release SEQURA_SANDBOX=$(sandbox) sh demo/run.sh > target/demo.txt \
		|| { cat target/demo.txt; exit 1; }
	@echo "as expected ($$(wc -l < target/demo.txt) lines in target/demo.txt)"

test-long:
	@$(foreach part,$(long),$(MAKE) --no-print-directory $(part) &&) true

# Everything is built today, and then run later; but for what runs on other machines, what is packed, what counts
# instructions, of which libfaketime adds some, and kills and power cuts: the first set their tills' clocks by themselves,
# 400 days ahead among others, and the second know no date.
later_tests = $(sort $(filter-out cost crash power arm windows,$(basename $(notdir $(patsubst %/main.rs,%.rs,$(wildcard \
	tests/*.rs tests/*/main.rs sandbox/tests/*.rs cli/tests/*.rs))))))

test-later: library simulator
	@scripts/setup.sh $(needs) faketime
	$(say) 'the tests, built today'
	cargo build --package sequra-pos --package sequra $(armed)
	cargo test --workspace $(armed) --lib --bins --tests --no-run
	cd tests/bindings && python3 languages.py
	$(say) '400 days later: library and simulator, from inside and from C'
	@test $$((($$(scripts/later.sh date +%s) - $$(date +%s)) / 86400)) -ge 399
	SEQURA_POS_REQUIRE_VALGRIND=1 SEQURA_POS_REQUIRE_SQLITE=1 SEQURA_POS_RELEASE_LIBRARY=$(CURDIR)/$(release) \
		cargo test --config 'target."cfg(unix)".runner="$(CURDIR)/scripts/later.sh"' \
		--workspace $(armed) --lib --bins $(addprefix --test ,$(later_tests))
	$(say) '400 days later: library, from Python'
	SEQURA_POS_LIBRARY=$(CURDIR)/$(release) SEQURA_POS_ARMED_LIBRARY=$(CURDIR)/target/debug/libsequra_pos.so \
		SEQURA_SANDBOX=$(CURDIR)/$(sandbox) scripts/later.sh python3 -m unittest discover -s tests/python -t tests/python
	$(say) '400 days later: bindings, what each sells with'
	@# Compilers, windows and panics do not mind the date.
	cd tests/bindings && SEQURA_BINDINGS_BUILT=1 SEQURA_POS_LIBRARY=$(CURDIR)/target/debug/libsequra_pos.so \
		SEQURA_SANDBOX=$(CURDIR)/$(sandbox) ../../scripts/later.sh python3 -m unittest test_scenario test_first_sale test_samples

# Under the sanitizers runs what is about memory and threads: the library from inside and from C, and tills that end in the
# middle of a call. What kills by chance, draws for long or measures does not.
watched_for_memory = abi:: c_sample:: c_after_sale:: result_buffer:: journal_file::
watched_for_threads = c_abi::

test-asan:
	@scripts/setup.sh $(needs_of_sanitizers)
	$(say) 'AddressSanitizer: the library, from inside and from C'
	scripts/sanitized.sh address test --package sequra-pos $(armed) --lib
	@# The words are looked for in the tests' names: those of c_abi are among abi's.
	scripts/sanitized.sh address test --package sequra-pos $(armed) --test library -- $(watched_for_memory)
	$(say) 'AddressSanitizer: what fuzzing has found'
	scripts/sanitized.sh address build --manifest-path fuzz/Cargo.toml
	@for target in $(fuzzed); do \
		scripts/sanitized.sh address run --quiet --manifest-path fuzz/Cargo.toml --bin $$target -- \
			-timeout=60 $(CURDIR)/fuzz/seeds/$$target/* > target/address/$$target.txt 2>&1 \
			&& echo "$$target: $$(ls fuzz/seeds/$$target | wc -l) inputs" \
			|| { cat target/address/$$target.txt; exit 1; }; \
	done

test-tsan:
	@scripts/setup.sh $(needs_of_sanitizers) cargo-web rustc-web rust-web-src
	$(say) 'ThreadSanitizer: the library, from inside and from C'
	@# What only computes has no threads that could be in each other's way.
	scripts/sanitized.sh thread test --package sequra-pos $(armed) --lib -- $(addprefix --skip ,messages:: order:: redact:: json::)
	scripts/sanitized.sh thread test --package sequra-pos $(armed) --test library -- $(watched_for_threads)

test-library: library simulator
	@scripts/setup.sh $(needs)
	$(say) 'style'
	cargo fmt --all --check
	cargo clippy --workspace --all-targets $(armed) -- -D warnings
	$(say) 'library and simulator, from inside, from C, and killed at every point'
	SEQURA_POS_REQUIRE_VALGRIND=1 SEQURA_POS_REQUIRE_SQLITE=1 SEQURA_POS_RELEASE_LIBRARY=$(CURDIR)/$(release) cargo test --no-fail-fast --workspace $(armed)
	cargo test --package sequra-forward --features crash-points --test forwarding killed
	$(say) 'library, from Python'
	cargo build --package sequra-pos --package sequra $(armed)
	SEQURA_POS_LIBRARY=$(CURDIR)/$(release) SEQURA_POS_ARMED_LIBRARY=$(CURDIR)/target/debug/libsequra_pos.so \
		SEQURA_SANDBOX=$(CURDIR)/$(sandbox) python3 -m unittest discover -s tests/python -t tests/python

test-bindings: simulator
	@scripts/setup.sh $(needs)
	$(say) 'bindings, each in its own language'
	cargo build --package sequra-pos $(armed)
	cd tests/bindings && SEQURA_POS_LIBRARY=$(CURDIR)/target/debug/libsequra_pos.so SEQURA_SANDBOX=$(CURDIR)/$(sandbox) \
		python3 -m unittest

# Its short forms are in make test.
test-forward:
	@scripts/setup.sh cargo cc
	$(say) 'the forwarder: killed at every point of its way, and a backlog of years'
	SEQURA_FORWARD_LONG=1 cargo test --package sequra-forward --features crash-points --test forwarding

test-browser: library simulator
	@scripts/setup.sh $(needs_of_browser)
	$(say) "the simulator's pages and the office's, in a browser"
	cargo build --package sequra-office
	cd tests/browser && SEQURA_SANDBOX=$(CURDIR)/$(sandbox) SEQURA_OFFICE=$(CURDIR)/target/debug/sequra-office python3 -W error::ResourceWarning -m unittest

crash:
	@scripts/setup.sh cargo cc
	$(say) 'the tills'
	cargo test --package sequra-pos --features crash-points --test crash --no-run
	$(say) 'the campaign'
	@SEQURA_POS_CRASH_KILLS=$(N) $(if $(SEED),SEQURA_SEED=$(SEED)) \
		cargo test --quiet --package sequra-pos --features crash-points --test crash campaign

power: TIMES ?= 4
power:
	@scripts/setup.sh cargo cc
	$(say) 'power cuts'
	SEQURA_POWER_TIMES=$(TIMES) $(if $(SEED),SEQURA_SEED=$(SEED)) cargo test --test power -- --test-threads=1

explore: FOR ?= 600
explore: library simulator
	@scripts/setup.sh $(needs)
	$(say) 'the tests that draw by chance'
	cargo build --package sequra-pos $(armed)
	cargo test --package sequra-pos $(armed) --lib --test crash --test power --no-run
	$(say) 'seeds that nobody has tried, for $(FOR) s'
	@python3 scripts/explore.py $(FOR)

# fuzz/fuzz_targets has one for each.
fuzzed = calls answers configurations journals

fuzz: FOR ?= 60
fuzz:
	@scripts/setup.sh cargo c++
	@test -x target/tools/bin/cargo-fuzz || cargo install --quiet --locked --root target/tools cargo-fuzz@0.13.2
	$(say) 'the targets, with AddressSanitizer'
	RUSTC_BOOTSTRAP=1 target/tools/bin/cargo-fuzz build --target-dir target/fuzz
	@for target in $(fuzzed); do \
		printf '\n== any %s\n' $$target; \
		mkdir -p target/fuzz/corpus/$$target; \
		target/fuzz/x86_64-unknown-linux-gnu/release/$$target -max_total_time=$(FOR) -max_len=4096 -timeout=20 \
			-verbosity=0 -print_final_stats=1 -artifact_prefix=$(CURDIR)/target/fuzz/ \
			$(CURDIR)/target/fuzz/corpus/$$target $(CURDIR)/fuzz/seeds/$$target || exit 1; \
	done

library:
	@scripts/setup.sh cargo cc python3
	$(say) 'the library'
	scripts/library.sh

simulator:
	$(say) 'the simulated seQura'
	cargo build --package sequra-sandbox

header:
	cargo build --quiet --package sequra-pos
	cargo run --quiet --package sequra-pos --example header > include/sequra_pos.h.new
	mv include/sequra_pos.h.new include/sequra_pos.h

bindings: header
	cargo run --quiet --package sequra-pos --example bindings

results:
	@scripts/setup.sh cargo cc
	SEQURA_WRITE_RESULTS=1 cargo test --quiet --package sequra-pos $(armed) --test library usage::the_results
	cargo run --quiet --package sequra-pos --example bindings

journals: library simulator
	$(say) 'a till that is killed in the middle of many calls, and its journal'
	SEQURA_POS_LIBRARY=$(CURDIR)/$(release) SEQURA_SANDBOX=$(CURDIR)/$(sandbox) python3 tests/python/make_journal.py

abi:
	@scripts/setup.sh abidw
	cargo build --quiet --package sequra-pos
	cp include/sequra_pos.h abi/1/
	python3 scripts/abi.py target/debug/libsequra_pos.so > abi/1/sequra_pos.abi

windows:
	@scripts/setup.sh cargo cc $(cross)
	$(say) 'the DLLs, 64 and 32 bits'
	scripts/windows.sh x86_64-win7-windows-gnu i686-win7-windows-gnu
	scripts/simulator.sh x86_64-win7-windows-gnu i686-win7-windows-gnu

test-windows: windows
	@$(MAKE) --no-print-directory run-under-wine

run-under-wine: simulator
	@scripts/setup.sh $(needs_of_wine)
	@scripts/wine32.sh
	$(say) 'the DLLs under wine, 64 and 32 bits'
	cargo test --workspace $(armed) --test windows -- --ignored

dist:
	@scripts/setup.sh $(needs_of_dist)
	python3 scripts/dist.py

test-dist: dist
	@$(MAKE) --no-print-directory use-packages

use-packages: library simulator
	@scripts/setup.sh $(needs_of_packages)
	@scripts/wine32.sh
	$(say) 'the packages, as a stranger would use them'
	cd tests/dist && SEQURA_SANDBOX=$(CURDIR)/$(sandbox) python3 -m unittest

dist-arm:
	@scripts/setup.sh $(needs_of_arm)
	python3 scripts/dist.py --arm

test-arm: dist-arm
	@$(MAKE) --no-print-directory run-under-qemu

run-under-qemu: simulator
	@scripts/setup.sh $(needs_of_arm) readelf pkg-config cmake debootstrap
	$(say) 'the libraries that can be told to panic and to end, for ARM'
	PATH="$(CURDIR)/target/tools/python/bin:$$PATH" scripts/linux.sh --armed $(arm)
	$(say) 'the C suite on ARM, under qemu'
	cargo test --package sequra-pos $(armed) --test arm -- --ignored
	$(say) 'the packages for ARM, as a stranger would use them'
	cd tests/dist && SEQURA_DIST_ARM=1 SEQURA_SANDBOX=$(CURDIR)/$(sandbox) python3 -m unittest test_files test_arm

audit:
	@scripts/setup.sh cargo cc git gpg python3 python3-venv
	$(say) 'advisories, licences and sources of every crate, the sums of what is installed, and what a release gathers'
	scripts/audit.py
	cd tests/audit && python3 -m unittest

bench: HISTORY ?= 1000000
bench: library
	@scripts/setup.sh $(needs_of_bench)
	cargo build --release --package floor
	$(say) 'what calls cost'
	@SEQURA_POS_RELEASE_LIBRARY=$(CURDIR)/$(release) SEQURA_BENCH_HISTORY=$(HISTORY) \
		cargo test --quiet --package sequra-pos $(armed) --test cost table -- --ignored --nocapture

needs_of_office = cargo cc postgresql

test-office:
	@scripts/setup.sh $(needs_of_office)
	cargo test --package sequra-office

# What takes longer.
test-office-long:
	@scripts/setup.sh $(needs_of_office)
	$(say) 'the office, where it takes longer'
	SEQURA_OFFICE_LONG=1 cargo test --package sequra-office --test office

# All of it debug builds: that of the library knows other clocks.
build_office = cargo build --package sequra-office --package sequra-forward --package sequra-pos $(armed)
office_books = SEQURA_POS_LIBRARY=$(CURDIR)/target/debug/libsequra_pos.so SEQURA_SANDBOX=$(CURDIR)/$(sandbox) \
	SEQURA_OFFICE=$(CURDIR)/target/debug/sequra-office SEQURA_FORWARD=$(CURDIR)/target/debug/sequra-forward

test-office-books: simulator
	@scripts/setup.sh $(needs_of_office) python3
	$(build_office)
	$(say) 'the books of tills, forwarders, the office and seQura, whatever happens to them'
	$(office_books) python3 -m unittest discover -s tests/office -t tests/office

office-chaos: simulator
	@scripts/setup.sh $(needs_of_office) python3
	$(build_office)
	$(say) 'disks are destroyed'
	@$(office_books) python3 tests/office/campaign.py $(N) $(SEED)

demo-office: simulator
	@scripts/setup.sh $(needs_of_office) python3
	$(build_office) --package sequra
	@python3 demo/office/run.py

# Every scene of it says what it expects.
test-demo-office: simulator
	@scripts/setup.sh $(needs_of_office) python3
	$(build_office) --package sequra
	$(say) "the office's demonstration"
	@python3 demo/office/run.py < /dev/null > target/demo-office.txt || { cat target/demo-office.txt; exit 1; }
	@echo "as expected ($$(wc -l < target/demo-office.txt) lines in target/demo-office.txt)"

bench-office:
	@scripts/setup.sh $(needs_of_office)
	cargo test --profile quick --package sequra-office --test office --no-run
	$(say) 'what taking in costs'
	@cargo test --quiet --profile quick --package sequra-office --test office bench::table -- --ignored --nocapture

clean:
	cargo clean
