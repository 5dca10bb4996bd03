"""What `sequra` shows: in every language, in terminals of every width, and of files that are no journal."""

import fcntl
import os
import pty
import shutil
import sqlite3
import struct
import subprocess
import termios
import unittest
from contextlib import closing

import orders
from shell import PROGRAM, Shell

LANGUAGES = ("es", "en", "fr", "it", "pt")


class WhatPeopleSee(Shell):
    def shown(self, width, *arguments, **environment):
        """What a terminal of so many columns gets, and the exit status."""
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        program = subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=its, stdout=its, stderr=its, cwd=self.folder,
                                   env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
        os.close(its)
        written = b""
        try:
            while part := os.read(ours, 1 << 16):
                written += part
        except OSError:
            pass  # It has ended.
        os.close(ours)
        return written.decode().replace("\r\n", "\n"), program.wait(60)

    def a_day(self):
        client = self.open()
        self.confirmed(client, orders.complete(delivery_method={"name": "x"}))
        self.settled(client, ref="T1-000123")
        url, _, _ = self.approved(client)
        self.sim.fault("conflict", errors=["The cart ż → is another, and so is the address that was given with it"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.confirm(url))
        self._close_clients()

    def test_no_line_is_wider_than_the_terminal(self):
        self.a_day()
        for width in (40, 60, 80, 120, 200):
            for language in LANGUAGES:
                for command in (["pending"], ["log"], ["order", "T1-000123"], ["verify"]):
                    text, status = self.shown(width, *command, "--journal", self.journal, "--language", language)
                    self.assertEqual(0, status)
                    # A hash or an address that is longer stays one word.
                    broken = [line for line in text.splitlines() if len(line) > width and " " in line.strip()]
                    self.assertEqual([], broken, (width, language, command))
                    self.assertNotIn("\x1b", text)
        uuid = self.rows("SELECT uuid FROM orders")[0]["uuid"]
        self.assertIn(f" {uuid} ", self.shown(120, "pending", "--journal", self.journal)[0], "there is room for it")

    def test_what_stands_below_each_other_says_what_it_is(self):
        self.a_day()
        text, _ = self.shown(60, "log", "--limit", "1", "--journal", self.journal, "--language", "es")
        for line in ("Venta: ", "Estado: rechazada", "Resultado: CONFLICT !", "Respuesta: The cart ż → is another"):
            self.assertIn("\n" + line, text)

    def test_the_checking_of_the_log_is_told_in_every_language(self):
        self.settled(self.open())
        self._close_clients()
        for language, words in self.in_every_language(es="Cada anotación", en="Each entry", fr="Chaque note", it="Ogni annotazione",
                                                      pt="Cada registo"):
            self.assertIn(words, self.sequra("verify", "--journal", self.journal, "--language", language, expect=0).stdout)
        for language, words in self.in_every_language(es="rota en la anotación 2", en="broken at entry 2", fr="rompue à la note 2",
                                                      it="interrotta all'annotazione 2", pt="quebrada no registo 2"):
            with closing(sqlite3.connect(self.journal)) as other, other:
                other.execute("UPDATE log SET amount = 7 WHERE id = 2")
            self.assertIn(words, self.sequra("verify", "--journal", self.journal, "--language", language, expect=3).stdout)

    def odd_files(self):
        """What is no journal that can be read: its name, and a word of what is said of it in each language."""
        self.settled(self.open())
        self._close_clients()
        whole = self.journal.read_bytes()
        none = dict(es="no es un diario", en="is no journal", fr="n'est pas un journal", it="non è un giornale", pt="não é um diário")
        damaged = dict(es="está dañado", en="is damaged", fr="est abîmé", it="è danneggiato", pt="está danificado")
        no_file = dict(es="no es un archivo", en="is not a file", fr="n'est pas un fichier", it="non è un file", pt="não é um ficheiro")
        missing = dict(es="No existe", en="There is no file", fr="n'existe pas", it="non esiste", pt="não existe")
        for name, content in (("text.db", b"pan, leche " * 999), ("empty.db", b""), ("cut.db", whole[:5000]),
                              ("damaged.db", whole[:9000] + b"x" * 9000)):
            (self.folder / name).write_bytes(content)
        with closing(sqlite3.connect(self.folder / "foreign.db")) as other, other:
            other.execute("CREATE TABLE x (y)")
        (self.folder / "folder.db").mkdir()
        os.mkfifo(self.folder / "pipe.db")
        return (("text.db", none), ("empty.db", none), ("foreign.db", none), ("cut.db", damaged), ("damaged.db", damaged),
                ("folder.db", no_file), ("pipe.db", no_file), ("nothing.db", missing), ("nowhere/journal.db", missing))

    def test_what_is_no_journal_is_called_what_it_is_in_every_language(self):
        for name, words in self.odd_files():
            before = (self.folder / name).read_bytes() if (self.folder / name).is_file() else None
            for language, said in words.items():
                done = self.sequra("pending", "--journal", name, "--language", language, expect="SQ_JOURNAL")
                self.assertIn(said, done.stderr, name)
                self.assertIn(name, done.stderr)
            for command in (["log"], ["verify"], ["order", "R-1"], ["backup", "copy.db"]):
                done = self.sequra(*command, "--journal", name, "--language", "es", expect="SQ_JOURNAL")
                self.assertIn(words["es"], done.stdout + done.stderr, (name, command))
            self.assertFalse((self.folder / "copy.db").exists())
            if before is not None:
                self.assertEqual(before, (self.folder / name).read_bytes())

    def test_a_copy_that_is_there_already_is_told_of_in_every_language(self):
        self.settled(self.open())
        self._close_clients()
        (self.folder / "copy.db").write_text("mine")
        for language, words in self.in_every_language(es="ya existe", en="exists", fr="existe déjà", it="esiste già", pt="já existe"):
            done = self.sequra("backup", "copy.db", "--journal", self.journal, "--language", language, expect="SQ_JOURNAL")
            self.assertIn(words, done.stderr)

    def test_where_nothing_can_be_written_that_is_said_once_with_its_place(self):
        self.settled(self.open())
        self._close_clients()
        done = self.sequra("pending", "--journal", self.journal, env={"TMPDIR": "/nowhere"}, expect=1)
        self.assertIn("sequra: /nowhere: ", done.stderr)
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "pending", "--journal", self.journal], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual((1, 1), (done.returncode, done.stderr.count("No space left")), done.stderr)

    def test_whoever_says_no_journal_is_told_what_to_say(self):
        for language, words in self.in_every_language(es="Indique", en="Name the", fr="Indiquez", it="Indichi", pt="Indique"):
            self.assertIn(words, self.sequra("pending", "--language", language, expect=1).stderr)

    @unittest.skipUnless(hasattr(os, "getuid") and os.getuid() == 0, "only root can be somebody else")
    def test_who_may_not_read_it_is_told_so_in_every_language(self):
        self.open().close()
        self.folder.chmod(0o755)
        for language, words in self.in_every_language(es="no puede leer", en="may not read", fr="pas le droit", it="non può leggere",
                                                      pt="não pode ler"):
            done = self.sequra("pending", "--journal", self.journal, "--language", language, expect="SQ_JOURNAL", cwd="/",
                               preexec_fn=lambda: os.setuid(65534))
            self.assertIn(words, done.stderr)

    def test_an_order_in_another_encoding_is_shown_in_letters(self):
        """A terminal would refuse bytes that are no letters, or garble them; a program reads them as it asked for."""
        self.configured(text_encoding="windows-1252")
        self.order()
        shown, _ = self.shown(200, "start", "order.json", "--get", "/operator_message", "--language", "es")
        self.assertNotIn("\ufffd", shown)
        self.assertRegex(shown, "[áéíóúñ]")
