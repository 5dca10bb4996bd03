      *> The till's own book, as it stands now: every sale once, oldest
      *> first.
       01  BOOK-SALES.
           05  BOOK-COUNT               BINARY-LONG.
           05  BOOK-SALE OCCURS 5000.
               10  BOOK-STATE           PIC X(12).
                   88  BOOK-IS-OPEN     VALUE "started" "completed".
               10  BOOK-TICKET          PIC X(100).
               10  BOOK-AMOUNT          PIC X(20).
               10  BOOK-CURRENCY        PIC X(3).
               10  BOOK-TIME            PIC X(19).
               10  BOOK-URL             PIC X(500).
