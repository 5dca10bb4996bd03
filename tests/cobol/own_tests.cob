      *> What only COBOL can show of its binding: fields and their ends,
      *> numbers of every usage, results in fixed fields, lifetimes.
      *> Threads are not among it: GnuCOBOL has one.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. OWN-TESTS.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT MEMORY-FILE ASSIGN TO "/proc/self/statm"
               ORGANIZATION LINE SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD  MEMORY-FILE.
       01  MEMORY-LINE              PIC X(100).
       WORKING-STORAGE SECTION.
       COPY "sequra.cpy".
       COPY "sequra.cpy" REPLACING LEADING ==SQ-== BY ==OTHER-==.
       01  TILL                     USAGE POINTER.
       01  SECOND-TILL              USAGE POINTER.
       01  ORDER-IN-HAND            USAGE POINTER.
       01  PASSED                   BINARY-LONG VALUE 0.
       01  FAILED                   BINARY-LONG VALUE 0.
       01  PASSED-SHOWN             PIC Z(5)9.
       01  FAILED-SHOWN             PIC Z(5)9.
       01  WHAT                     PIC X(60).
       01  IS-TRUE                  PIC X.
           88  IT-HOLDS             VALUE "Y".
       01  SIMULATOR                PIC X(100).
       01  CONFIG                   PIC X(600).
       01  ENCODING                 PIC X(20).
       01  PADDED                   PIC X(40).
       01  SHORT-TEXT               PIC X(5).
       01  EXACT-TEXT               PIC X(6).
       01  LONG-TEXT                PIC X(400).
       01  WHOLE-JSON               PIC X(20000).
       01  BYTES-SAID               PIC X(12).
       01  HANDLES                  BINARY-DOUBLE.
      *> Numbers as tills have them.
       01  DISPLAYED                PIC S9(7) VALUE -2000.
       01  UNSIGNED-DISPLAYED       PIC 9(5) VALUE 38290.
       01  PACKED                   PIC S9(9) COMP-3 VALUE -5000.
       01  HALF-WORD                PIC S9(4) COMP VALUE -7.
       01  NATIVE-NUMBER            PIC S9(9) COMP-5 VALUE 34900.
       01  WIDE                     BINARY-DOUBLE VALUE 4711000000001.
       01  EUROS                    PIC S9(5)V99 VALUE 382.90.
       01  WHOLE-EUROS              PIC S9(5)V99 VALUE 382.00.
       01  TOO-WIDE                 PIC S9(25)
                                    VALUE 100000000000000000001.
       01  EDGE                     PIC S9(18)
                                    VALUE -999999999999999999.
       01  TEXT-AT                  USAGE POINTER.
       01  TEXT-BYTES               BINARY-LONG.
       01  BIG-TEXT                 PIC X(1000000).
       01  PAGES-OF-ALL             PIC X(20).
       01  PAGES-TEXT               PIC X(20).
       01  PAGES                    BINARY-LONG.
       01  PAGES-BEFORE             BINARY-LONG.
       LINKAGE SECTION.
       01  SEEN-TEXT                PIC X(20000).
       PROCEDURE DIVISION.
       MAIN-LINE.
           ACCEPT SIMULATOR FROM ENVIRONMENT "SEQURA_SIMULATOR_URL"
           MOVE "utf-8" TO ENCODING
           PERFORM OPEN-TILL
           PERFORM TEST-TEXTS
           PERFORM TEST-NUMBERS
           PERFORM TEST-RESULTS
           PERFORM TEST-WORDS
           PERFORM TEST-OMITTED
           PERFORM TEST-LIFETIMES
           PERFORM TEST-MEMORY
           PERFORM TEST-ENCODING
           CALL "SQ-BUFFER-FREE" USING SQ-RESULT
           CALL "SQ-BUFFER-FREE" USING OTHER-RESULT
           CALL "SQ-LIVE-HANDLES" USING HANDLES SQ-RESULT
           MOVE "nothing is left over" TO WHAT
           IF HANDLES = 0 PERFORM HOLDS ELSE PERFORM FAILS END-IF
           MOVE PASSED TO PASSED-SHOWN
           MOVE FAILED TO FAILED-SHOWN
           DISPLAY FUNCTION TRIM(PASSED-SHOWN) " passed, "
               FUNCTION TRIM(FAILED-SHOWN) " failed"
           IF FAILED = 0
               STOP RUN RETURNING 0
           ELSE
               STOP RUN RETURNING 1
           END-IF.

       HOLDS.
           ADD 1 TO PASSED.
       FAILS.
           ADD 1 TO FAILED
           DISPLAY "FAILED: " FUNCTION TRIM(WHAT) "; status " SQ-STATUS
               ", value " SQ-VALUE-STATUS " " SQ-VALUE-LENGTH.
       SEE.
           IF IT-HOLDS PERFORM HOLDS ELSE PERFORM FAILS END-IF
           MOVE "N" TO IS-TRUE.

       OPEN-TILL.
           MOVE SPACES TO CONFIG
           STRING '{"base_url":"' FUNCTION TRIM(SIMULATOR)
               '","account_key":"sandbox_key","account_secret":"'
               'sandbox_secret","merchant_id":"shop_es","journal":"'
               ':memory:","proxy":"none","language":"es","text_'
               'encoding":"' FUNCTION TRIM(ENCODING) '"}'
               DELIMITED BY SIZE INTO CONFIG
           CALL "SQ-CLIENT-OPEN" USING CONFIG TILL SQ-RESULT
           MOVE "a client opens" TO WHAT
           IF SQ-OK MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE.

      *> A text ends at its X"00", or before the blanks at its end.
       TEST-TEXTS.
           MOVE "a field ends before its blanks" TO WHAT
           MOVE "Mu o" TO PADDED
           CALL "SQ-ECHO" USING TILL PADDED SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text" LONG-TEXT
           IF SQ-OK AND SQ-VALUE-LENGTH = 4 AND LONG-TEXT = "Mu o"
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "a field without blanks is taken whole" TO WHAT
           MOVE "abcde" TO SHORT-TEXT
           CALL "SQ-ECHO" USING TILL SHORT-TEXT SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text" LONG-TEXT
           IF LONG-TEXT = "abcde" MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "a text with a NUL keeps its blanks" TO WHAT
           MOVE SPACES TO PADDED
           STRING " a  " X"00" DELIMITED BY SIZE INTO PADDED
           CALL "SQ-ECHO" USING TILL PADDED SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/bytes" BYTES-SAID
           IF SQ-OK AND BYTES-SAID = "4" MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "a z-literal" TO WHAT
           CALL "SQ-ECHO" USING TILL Z"z" SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/bytes" BYTES-SAID
           IF SQ-OK AND BYTES-SAID = "1" MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "LOW-VALUES after the text" TO WHAT
           MOVE LOW-VALUES TO PADDED
           MOVE "low" TO PADDED(1:3)
           CALL "SQ-ECHO" USING TILL PADDED SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text" LONG-TEXT
           IF SQ-OK AND LONG-TEXT = "low" MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "blanks alone are an empty text" TO WHAT
           MOVE SPACES TO PADDED
           CALL "SQ-ECHO" USING TILL PADDED SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text" LONG-TEXT
           IF SQ-OK AND SQ-FOUND AND SQ-VALUE-LENGTH = 0
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "a NUL with more behind it is refused, not cut" TO WHAT
           MOVE SPACES TO PADDED
           STRING "cut" X"00" "off" DELIMITED BY SIZE INTO PADDED
           CALL "SQ-ECHO" USING TILL PADDED SQ-RESULT
           IF SQ-TEXT-WITH-NUL AND SQ-CALL-WAS-WRONG
               AND SQ-STATUS-NAME = "SQ-TEXT-WITH-NUL"
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "and nothing is left of the result before" TO WHAT
           IF SQ-BUFFER = NULL AND SQ-OPERATION = SPACES
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "a NUL in a JSON pointer too" TO WHAT
           CALL "SQ-ECHO" USING TILL "x" SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT PADDED LONG-TEXT
           IF SQ-VALUE-STATUS = -1 MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE.

      *> Whatever its usage, a number goes in as it is.
       TEST-NUMBERS.
           CALL "SQ-ORDER-NEW" USING TILL ORDER-IN-HAND SQ-RESULT
           CALL "SQ-ORDER-ADD-ITEM" USING ORDER-IN-HAND
               SQ-ITEM-DISCOUNT "R" "Rebaja" 0 0 DISPLAYED SQ-RESULT
           CALL "SQ-ORDER-ADD-ITEM" USING ORDER-IN-HAND
               SQ-ITEM-PRODUCT "P" "Producto" 1 NATIVE-NUMBER
               UNSIGNED-DISPLAYED SQ-RESULT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/packed" PACKED
               SQ-RESULT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/half"
               HALF-WORD SQ-RESULT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/wide" WIDE
               SQ-RESULT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/literal" -12
               SQ-RESULT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/euros"
               WHOLE-EUROS SQ-RESULT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/edge" EDGE
               SQ-RESULT
           CALL "SQ-ORDER-SET-FLAG" USING ORDER-IN-HAND "/flag" 1
               SQ-RESULT
           MOVE "numbers are taken" TO WHAT
           IF SQ-OK MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           CALL "SQ-ORDER-JSON" USING ORDER-IN-HAND SQ-RESULT
           MOVE "a negative amount in DISPLAY" TO WHAT
           MOVE "/cart/items/0/total_with_tax" TO PADDED
           MOVE "-2000" TO SHORT-TEXT
           PERFORM SEE-NUMBER
           MOVE "an unsigned amount in DISPLAY" TO WHAT
           MOVE "/cart/items/1/total_with_tax" TO PADDED
           MOVE "38290" TO SHORT-TEXT
           PERFORM SEE-NUMBER
           MOVE "COMP-5" TO WHAT
           MOVE "/cart/items/1/price_with_tax" TO PADDED
           MOVE "34900" TO SHORT-TEXT
           PERFORM SEE-NUMBER
           MOVE "COMP-3" TO WHAT
           MOVE "/packed" TO PADDED
           MOVE "-5000" TO SHORT-TEXT
           PERFORM SEE-NUMBER
           MOVE "COMP" TO WHAT
           MOVE "/half" TO PADDED
           MOVE "-7" TO SHORT-TEXT
           PERFORM SEE-NUMBER
           MOVE "a literal" TO WHAT
           MOVE "/literal" TO PADDED
           MOVE "-12" TO SHORT-TEXT
           PERFORM SEE-NUMBER
           MOVE "decimals that are zero" TO WHAT
           MOVE "/euros" TO PADDED
           MOVE "382" TO SHORT-TEXT
           PERFORM SEE-NUMBER
           MOVE "more than 32 bits" TO WHAT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/wide" LONG-TEXT
           IF LONG-TEXT = "4711000000001" MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "18 digits" TO WHAT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/edge" LONG-TEXT
           IF LONG-TEXT = "-999999999999999999"
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "euros by mistake are refused" TO WHAT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/x" EUROS
               SQ-RESULT
           IF SQ-NOT-A-WHOLE-NUMBER MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "more than 18 digits are refused" TO WHAT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/x" TOO-WIDE
               SQ-RESULT
           IF SQ-NOT-A-WHOLE-NUMBER MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "what is refused is not in the order" TO WHAT
           CALL "SQ-ORDER-JSON" USING ORDER-IN-HAND SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/x" LONG-TEXT
           IF SQ-NOT-THERE MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           CALL "SQ-ORDER-FREE" USING ORDER-IN-HAND SQ-RESULT.
       SEE-NUMBER.
           CALL "SQ-BUFFER-GET" USING SQ-RESULT PADDED LONG-TEXT
           IF SQ-FOUND AND LONG-TEXT = SHORT-TEXT
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE.

      *> Results in fixed fields: never cut.
       TEST-RESULTS.
           CALL "SQ-ECHO" USING TILL "abcdef" SQ-RESULT
           MOVE "a field that is too small stays blank" TO WHAT
           MOVE ALL "x" TO SHORT-TEXT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text" SHORT-TEXT
           IF SQ-FIELD-TOO-SMALL AND SHORT-TEXT = SPACES
               AND SQ-VALUE-LENGTH = 6
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "one of just that size is enough" TO WHAT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text" EXACT-TEXT
           IF SQ-FOUND AND EXACT-TEXT = "abcdef"
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "what is not there" TO WHAT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/nothing"
               EXACT-TEXT
           IF SQ-NOT-THERE AND EXACT-TEXT = SPACES
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "SQ-STATUS is the call's still" TO WHAT
           IF SQ-OK MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "the whole result, by SPACES and by its address" TO WHAT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT " " WHOLE-JSON
           CALL "SQ-BUFFER-TEXT" USING SQ-RESULT TEXT-AT TEXT-BYTES
           SET ADDRESS OF SEEN-TEXT TO TEXT-AT
           IF SQ-FOUND AND TEXT-BYTES = SQ-VALUE-LENGTH
               AND SEEN-TEXT(1:10) = '{"status":'
               AND SEEN-TEXT(TEXT-BYTES:1) = "}"
               AND WHOLE-JSON(TEXT-BYTES:2) = "} "
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "a library's text in a field that is too small" TO WHAT
           CALL "SQ-BUILD-INFO" USING SHORT-TEXT SQ-RESULT
           IF SQ-FIELD-TOO-SMALL AND SHORT-TEXT = SPACES
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "two results at once" TO WHAT
           CALL "SQ-ECHO" USING TILL "other" OTHER-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text" EXACT-TEXT
           CALL "SQ-BUFFER-GET" USING OTHER-RESULT "/data/text"
               SHORT-TEXT
           IF EXACT-TEXT = "abcdef" AND SHORT-TEXT = "other"
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE.

      *> A conflict, in the record; and arguments that are in it.
       TEST-WORDS.
           PERFORM BUILD-ORDER
           CALL "SQ-START-SOLICITATION" USING TILL WHOLE-JSON SQ-RESULT
           MOVE "a start" TO WHAT
           IF SQ-OK AND SQ-STATE-SOLICITED AND SQ-NEXT-SEND-FORM
               AND SQ-CALL-START-SOLICITATION AND SQ-AMOUNT = 8497
               AND SQ-CURRENCY = "EUR" AND SQ-ERROR-CODE = SPACES
               AND SQ-STATUS-NAME = "SQ_OK"
               AND SQ-ORDER-REF-1 = SPACES
               AND SQ-OPERATOR-MESSAGE NOT = SPACES
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "the URL in the record goes to the next call" TO WHAT
           CALL "SQ-SEND-FORM" USING TILL SQ-ORDER-URL "pp3" OMITTED
               SQ-RESULT
           IF SQ-OK AND SQ-STATE-FORM-SENT MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "a conflict" TO WHAT
           CALL "SQ-CONFIRM" USING TILL SQ-ORDER-URL OMITTED SQ-RESULT
           IF SQ-CONFLICT AND SQ-SEQURA-SAID-NO AND SQ-STATUS = 2409
               AND SQ-ERR-NOT-APPROVED AND NOT SQ-OK
               AND NOT SQ-NO-FINAL-ANSWER
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "a wrong order" TO WHAT
           CALL "SQ-START-SOLICITATION" USING TILL "{}" SQ-RESULT
           IF SQ-INVALID-ORDER AND SQ-CALL-WAS-WRONG
               AND SQ-NEXT-FIX-ORDER AND SQ-ORDER-URL = SPACES
               AND SQ-AMOUNT = 0
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE.
       BUILD-ORDER.
           CALL "SQ-ORDER-NEW" USING TILL ORDER-IN-HAND OTHER-RESULT
           CALL "SQ-ORDER-ADD-ITEM" USING ORDER-IN-HAND
               SQ-ITEM-PRODUCT "CAM-01" "Camisa" 1 7900 7900
               OTHER-RESULT
           CALL "SQ-ORDER-ADD-ITEM" USING ORDER-IN-HAND
               SQ-ITEM-HANDLING "ENV" "Envio" 0 0 597 OTHER-RESULT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND
               "/cart/order_total_with_tax" 8497 OTHER-RESULT
           CALL "SQ-ORDER-SET-FLAG" USING ORDER-IN-HAND "/cart/gift" 0
               OTHER-RESULT
           PERFORM SET-TEXTS
           CALL "SQ-ORDER-JSON" USING ORDER-IN-HAND OTHER-RESULT
           CALL "SQ-BUFFER-GET" USING OTHER-RESULT " " WHOLE-JSON
           CALL "SQ-ORDER-FREE" USING ORDER-IN-HAND OTHER-RESULT.
       SET-TEXTS.
           CALL "SET-TEXT" USING ORDER-IN-HAND "/cart/currency" "EUR"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/delivery_method/name"
               "Recogida"
           CALL "SET-ADDRESS" USING ORDER-IN-HAND "/delivery_address"
           CALL "SET-ADDRESS" USING ORDER-IN-HAND "/invoice_address"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/customer/given_names"
               "Ana"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/customer/surnames"
               "Gil"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/customer/email"
               "ana@example.com"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/customer/nin"
               "23232323T"
           CALL "SET-TEXT" USING ORDER-IN-HAND
               "/customer/date_of_birth" "2000-01-01"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/customer/logged_in"
               "unknown"
           CALL "SET-TEXT" USING ORDER-IN-HAND
               "/customer/language_code" "es-ES"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/customer/ip_number"
               "127.0.0.1"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/customer/user_agent"
               "till"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/gui/layout" "desktop"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/platform/name" "COBOL"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/platform/version" "1"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/platform/uname" "till"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/platform/db_name"
               "none"
           CALL "SET-TEXT" USING ORDER-IN-HAND "/platform/db_version"
               "1".

      *> OMITTED is NULL.
       TEST-OMITTED.
           MOVE "without a client" TO WHAT
           CALL "SQ-ECHO" USING OMITTED "x" SQ-RESULT
           IF SQ-OK MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "a text that must be there" TO WHAT
           CALL "SQ-ECHO" USING TILL OMITTED SQ-RESULT
           IF SQ-INVALID-ARGUMENT MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "a client that must be there" TO WHAT
           CALL "SQ-PENDING" USING OMITTED SQ-RESULT
           IF SQ-INVALID-HANDLE MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE.

      *> Closed, freed and made up: a status, never a crash.
       TEST-LIFETIMES.
           CALL "SQ-CLIENT-OPEN" USING CONFIG SECOND-TILL SQ-RESULT
           CALL "SQ-ORDER-NEW" USING SECOND-TILL ORDER-IN-HAND
               SQ-RESULT
           CALL "SQ-PENDING" USING SECOND-TILL OTHER-RESULT
           CALL "SQ-CLIENT-CLOSE" USING SECOND-TILL SQ-RESULT
           MOVE "a client closes" TO WHAT
           IF SQ-OK MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "a result outlives its client" TO WHAT
           CALL "SQ-BUFFER-GET" USING OTHER-RESULT "/data/orders"
               LONG-TEXT
           IF OTHER-FOUND AND LONG-TEXT = "[]"
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "an order too" TO WHAT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/x" 1 SQ-RESULT
           IF SQ-OK MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "closed twice" TO WHAT
           CALL "SQ-CLIENT-CLOSE" USING SECOND-TILL SQ-RESULT
           IF SQ-INVALID-HANDLE MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "used after closing" TO WHAT
           CALL "SQ-PENDING" USING SECOND-TILL SQ-RESULT
           IF SQ-INVALID-HANDLE AND SQ-OPERATOR-MESSAGE NOT = SPACES
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "an order of a closed client is none" TO WHAT
           SET TEXT-AT TO NULL
           CALL "SQ-ORDER-NEW" USING SECOND-TILL TEXT-AT SQ-RESULT
           IF SQ-INVALID-HANDLE AND TEXT-AT = NULL
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "an order freed twice, and used" TO WHAT
           CALL "SQ-ORDER-FREE" USING ORDER-IN-HAND SQ-RESULT
           CALL "SQ-ORDER-FREE" USING ORDER-IN-HAND SQ-RESULT
           CALL "SQ-ORDER-SET-INT" USING ORDER-IN-HAND "/x" 1 SQ-RESULT
           IF SQ-INVALID-HANDLE MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "a client that does not open" TO WHAT
           SET SECOND-TILL TO ADDRESS OF WHOLE-JSON
           CALL "SQ-CLIENT-OPEN" USING "{" SECOND-TILL SQ-RESULT
           IF SQ-INVALID-JSON AND SECOND-TILL = NULL
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "a handle that is made up" TO WHAT
           SET SECOND-TILL TO ADDRESS OF WHOLE-JSON
           CALL "SQ-PENDING" USING SECOND-TILL SQ-RESULT
           IF SQ-INVALID-HANDLE MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "a result freed twice, and read" TO WHAT
           CALL "SQ-BUFFER-FREE" USING OTHER-RESULT
           CALL "SQ-BUFFER-FREE" USING OTHER-RESULT
           CALL "SQ-BUFFER-GET" USING OTHER-RESULT "/status" LONG-TEXT
           IF OTHER-VALUE-STATUS = 1002 AND LONG-TEXT = SPACES
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "a record with anything in it" TO WHAT
           MOVE ALL "x" TO OTHER-RESULT
           CALL "SQ-ECHO" USING TILL "y" OTHER-RESULT
           IF OTHER-OK MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "many results in one record leave one" TO WHAT
           PERFORM 100 TIMES
               CALL "SQ-ECHO" USING TILL "x" SQ-RESULT
           END-PERFORM
           CALL "SQ-BUFFER-FREE" USING OTHER-RESULT
           CALL "SQ-LIVE-HANDLES" USING HANDLES SQ-RESULT
      *>   The till, and the result.
           IF HANDLES = 2 MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE.

      *> The copies of texts are freed, and those of values.
       TEST-MEMORY.
           MOVE ALL "x" TO BIG-TEXT
           CALL "SQ-ECHO" USING TILL BIG-TEXT SQ-RESULT
           PERFORM COUNT-PAGES
           MOVE PAGES TO PAGES-BEFORE
           PERFORM 300 TIMES
               CALL "SQ-ECHO" USING TILL BIG-TEXT SQ-RESULT
               CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text"
                   BIG-TEXT
           END-PERFORM
           PERFORM COUNT-PAGES
           MOVE "300 texts of 1 MB leave less than 64 MB" TO WHAT
           IF PAGES - PAGES-BEFORE < 16384 MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE.
       COUNT-PAGES.
           OPEN INPUT MEMORY-FILE
           READ MEMORY-FILE
           UNSTRING MEMORY-LINE DELIMITED BY SPACE
               INTO PAGES-OF-ALL PAGES-TEXT
           COMPUTE PAGES = FUNCTION NUMVAL(PAGES-TEXT)
           CLOSE MEMORY-FILE.

      *> A till in Windows-1252: "Íñigo", and seQura's words back.
       TEST-ENCODING.
           CALL "SQ-CLIENT-CLOSE" USING TILL SQ-RESULT
           MOVE "windows-1252" TO ENCODING
           PERFORM OPEN-TILL
           MOVE "Windows-1252 goes in" TO WHAT
           CALL "SQ-ECHO" USING TILL X"CDF16967F3" SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/bytes" BYTES-SAID
           IF SQ-OK AND BYTES-SAID = "8" MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "and comes back" TO WHAT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/text" SHORT-TEXT
           IF SQ-FOUND AND SHORT-TEXT = X"CDF16967F3"
               MOVE "Y" TO IS-TRUE
           END-IF
           PERFORM SEE
           MOVE "an operator's message in Windows-1252" TO WHAT
           CALL "SQ-START-SOLICITATION" USING TILL "{" SQ-RESULT
           MOVE 0 TO TEXT-BYTES
      *>   "está", "más", "envió": some letter with an accent.
           INSPECT SQ-OPERATOR-MESSAGE TALLYING TEXT-BYTES
               FOR ALL X"E1" ALL X"E9" ALL X"ED" ALL X"F3" ALL X"FA"
               ALL X"C3"
           IF TEXT-BYTES > 0 MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           MOVE "and not in UTF-8" TO WHAT
           MOVE 0 TO TEXT-BYTES
           INSPECT SQ-OPERATOR-MESSAGE TALLYING TEXT-BYTES
               FOR ALL X"C3"
           IF TEXT-BYTES = 0 MOVE "Y" TO IS-TRUE END-IF
           PERFORM SEE
           CALL "SQ-CLIENT-CLOSE" USING TILL SQ-RESULT.
       END PROGRAM OWN-TESTS.

       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SET-TEXT".
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY "sequra.cpy".
       LINKAGE SECTION.
       01  ORDER-IN-HAND            USAGE POINTER.
       01  PLACE                    PIC X ANY LENGTH.
       01  ITS-TEXT                 PIC X ANY LENGTH.
       PROCEDURE DIVISION USING ORDER-IN-HAND PLACE ITS-TEXT.
           CALL "SQ-ORDER-SET-TEXT" USING ORDER-IN-HAND PLACE ITS-TEXT
               SQ-RESULT
           IF NOT SQ-OK
               DISPLAY "FAILED: " PLACE " " SQ-STATUS-NAME
           END-IF
           GOBACK.
       END PROGRAM "SET-TEXT".

       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SET-ADDRESS".
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  MEMBERS.
           05  FILLER PIC X(40) VALUE "/given_names        Ana".
           05  FILLER PIC X(40) VALUE "/surnames           Gil".
           05  FILLER PIC X(40) VALUE "/company            ".
           05  FILLER PIC X(40) VALUE "/address_line_1     Calle 3".
           05  FILLER PIC X(40) VALUE "/address_line_2     ".
           05  FILLER PIC X(40) VALUE "/postal_code        28001".
           05  FILLER PIC X(40) VALUE "/city               Madrid".
           05  FILLER PIC X(40) VALUE "/country_code       ES".
           05  FILLER PIC X(40) VALUE "/mobile_phone       666666666".
       01  REDEFINES MEMBERS.
           05  OCCURS 9.
               10  MEMBER-NAME      PIC X(20).
               10  MEMBER-TEXT      PIC X(20).
       01  I                        BINARY-LONG.
       01  WHOLE-PLACE              PIC X(60).
       LINKAGE SECTION.
       01  ORDER-IN-HAND            USAGE POINTER.
       01  PLACE                    PIC X ANY LENGTH.
       PROCEDURE DIVISION USING ORDER-IN-HAND PLACE.
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 9
               MOVE SPACES TO WHOLE-PLACE
               STRING PLACE MEMBER-NAME(I) DELIMITED BY SIZE
                   INTO WHOLE-PLACE
               CALL "SET-TEXT" USING ORDER-IN-HAND WHOLE-PLACE
                   MEMBER-TEXT(I)
           END-PERFORM
           GOBACK.
       END PROGRAM "SET-ADDRESS".
