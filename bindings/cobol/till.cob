      *> A till that sells with seQura: what bindings/c does, in COBOL.
      *>
      *>     till CONFIG ORDER.json [--ref R-100] ...
      *>
      *> start -> form -> the operator: approved? -> confirm -> book
      *>                                                1        2
      *>     -> reference -> receipt
      *>            3
      *>
      *> 1, 2 and 3 are seQura's own numbers. Two rules carry the whole
      *> of it: the sale is completed in the till's own book only after
      *> the confirmation was answered with SQ-OK; the goods go only
      *> when SQ-STATE-SETTLED, that is when seQura has the ticket
      *> number too. Whatever happens in between, a power cut included,
      *> the order's URL is in the book and the order is in the
      *> library's journal; from these two the till goes on when it is
      *> started again.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. TILL.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT OPERATOR-INPUT ASSIGN TO KEYBOARD
               ORGANIZATION LINE SEQUENTIAL
               FILE STATUS OPERATOR-STATUS.
       DATA DIVISION.
       FILE SECTION.
       FD  OPERATOR-INPUT.
       01  OPERATOR-LINE                PIC X(200).
       WORKING-STORAGE SECTION.
      *> What a call came to; what recovery lists; the library's log.
       COPY "sequra.cpy".
       COPY "sequra.cpy" REPLACING LEADING ==SQ-== BY ==RECOVERED-==.
       COPY "sequra.cpy" REPLACING LEADING ==SQ-== BY ==LOG-==.
       COPY "tillbook.cpy".
       01  THE-TILL                     USAGE POINTER.

      *> What became of it: the exit statuses of the program.
       78  EXIT-DONE                    VALUE 0.
       78  EXIT-USAGE                   VALUE 1.
       78  EXIT-NOT-SENT                VALUE 2.
       78  EXIT-REFUSED                 VALUE 3.
       78  EXIT-NO-ANSWER               VALUE 4.
       78  EXIT-MACHINE                 VALUE 5.
       78  EXIT-NO-REFERENCE            VALUE 6.
       78  EXIT-WAITING                 VALUE 7.
       01  RESULT-CODE                  BINARY-LONG VALUE 0.
           88  ALL-WELL                 VALUE 0.
       01  STATUS-CODE                  BINARY-LONG.
       01  RECOVERY-CODE                BINARY-LONG VALUE 0.

      *> ---- the command line --------------------------------------
       01  ARGUMENT-COUNT               BINARY-LONG.
       01  ARGUMENT-PLACE               BINARY-LONG.
       01  ARGUMENT                     PIC X(500).
       01  CONFIG-FILE                  PIC X(400).
       01  WHAT-TO-DO                   PIC X(12) VALUE "sell".
      *>   What was left unfinished comes before these. A change after
      *>   the sale takes along what has no answer of its own order:
      *>   were that recovered first, a command that is given again for
      *>   want of an answer would ship as many goods again.
           88  TAKES-UP-SALES           VALUE "sell" "--form"
                                              "--confirm" "--set-ref"
                                              "--recover".
           88  NAMES-A-SALE             VALUE "--form" "--confirm"
                                              "--set-ref" "--abandon"
                                              "--resolve"
                                              "--ship" "--refund"
                                              "--cancel" "--update"
                                              "--info" "--dismiss".
           88  NAMES-BY-URL             VALUE "--form" "--confirm"
                                              "--set-ref" "--abandon"
                                              "--resolve".
           88  NAMES-TWO                VALUE "--set-ref" "--update"
                                              "--resolve".
           88  MAY-HAVE-WORDS           VALUE "--ship" "--refund"
                                              "--log".
           88  TO-SELL                  VALUE "sell".
           88  TO-SEND-FORM             VALUE "--form".
           88  TO-CONFIRM               VALUE "--confirm".
           88  TO-SET-REF               VALUE "--set-ref".
           88  TO-ABANDON               VALUE "--abandon".
           88  TO-RESOLVE               VALUE "--resolve".
           88  TO-SHOW-PENDING          VALUE "--pending".
           88  TO-RECOVER               VALUE "--recover".
           88  TO-SHIP                  VALUE "--ship".
           88  TO-REFUND                VALUE "--refund".
           88  TO-CANCEL                VALUE "--cancel".
           88  TO-UPDATE                VALUE "--update".
           88  TO-SHOW-INFO             VALUE "--info".
           88  TO-SHOW-LOG              VALUE "--log".
           88  TO-DISMISS               VALUE "--dismiss".
           88  TO-RECONCILE             VALUE "--reconcile".
           88  TO-REPORT                VALUE "--report".
           88  TO-SELF-TEST             VALUE "--self-test".
       01  SALE-NAMED                   PIC X(500) VALUE SPACES.
       01  MORE-NAMED                   PIC X(400) VALUE SPACES.
       01  WORD-COUNT                   BINARY-LONG VALUE 0.
       01  WORD-TABLE.
           05  WORD                     PIC X(200) OCCURS 100.
       01  AMOUNT-WORD                  PIC X(40) VALUE SPACES.
           88  NO-AMOUNT                VALUE SPACES.
       01  REASON                       PIC X(500) VALUE SPACES.
           88  NO-REASON                VALUE SPACES.
       01  WORD-IS-NUMBER               PIC X.
           88  IS-NUMBER                VALUE "Y".
       01  NUMBER-GIVEN                 PIC S9(18).

      *> ---- a change after the sale ---------------------------------
       01  CHANGE-LABEL                 PIC X(12).
       01  CHANGE-PROGRAM               PIC X(30).
       01  CHANGE-JSON                  PIC X.
           88  CHANGE-HAS-JSON          VALUE "Y".
       01  WAS-SETTLED                  PIC X.
           88  IT-WAS-SETTLED           VALUE "Y".
       01  BUILDER                      USAGE POINTER.
       01  EQUALS-AT                    BINARY-LONG.
       01  LONG-VALUE                   PIC X(4000).
       01  ANOTHER-VALUE                PIC X(500).
       01  LIST-OF-RESULT               PIC X(60).
       01  LIST-SHOWN                   PIC X(12).
       01  PLACE-IN-LIST                BINARY-LONG.
       01  PLACE-SHOWN                  PIC Z(8)9.
       01  QUICK                        PIC X VALUE "N".
           88  IS-QUICK                 VALUE "Y".
       01  USAGE-MISTAKE                PIC X VALUE "N".
           88  IS-MISTAKEN              VALUE "Y".

      *> ---- the sale that the till is at --------------------------
       01  SALE.
           05  ORDER-FILE               PIC X(400) VALUE SPACES.
           05  TICKET                   PIC X(100) VALUE SPACES.
           05  URL                      PIC X(500) VALUE SPACES.
           05  REF-GOES-FIRST           PIC X VALUE "N".
               88  REF-FIRST            VALUE "Y".
           05  OPERATOR-IS-THERE        PIC X VALUE "Y".
               88  ASKS-OPERATOR        VALUE "Y".
       01  SALE-ASIDE                   PIC X(1002).
       01  PRODUCT                      PIC X(40) VALUE "pp3".
       01  BOOK-FILE                    PIC X(400) VALUE "sales.txt".
       01  BOOK-DONE                    PIC X.
       01  NEW-STATE                    PIC X(15).
       01  PLACE-OF-SALE                BINARY-LONG.

      *> ---- the order, as JSON ------------------------------------
       78  ORDER-ROOM                   VALUE 262144.
       01  ORDER-JSON                   PIC X(ORDER-ROOM).
       01  ORDER-BYTES                  BINARY-LONG.
       01  ORDER-WITH-REF               PIC X(ORDER-ROOM).
       01  ORDER-STATUS                 PIC X.
           88  ORDER-IS-READY           VALUE "Y".
       01  FILE-TO-READ                 PIC X(400).
       01  AT-BYTE                      BINARY-LONG.
       01  FILE-DETAILS.
           05  FILE-SIZE                PIC X(8) COMP-X.
           05  FILLER                   PIC X(8).
       01  FILE-HANDLE                  PIC X(4).
       01  MODE-READ                    PIC X COMP-X VALUE 1.
       01  NO-LOCK                      PIC X COMP-X VALUE 0.
       01  NO-DEVICE                    PIC X COMP-X VALUE 0.
       01  FILE-OFFSET                  PIC X(8) COMP-X VALUE 0.
       01  BYTE-COUNT                   PIC X(4) COMP-X.
       01  NO-FLAGS                     PIC X COMP-X VALUE 0.

      *> ---- the operator ------------------------------------------
       01  OPERATOR-STATUS              PIC XX.
       01  QUESTION                     PIC X(80).
       01  OPERATOR-ANSWER              PIC X(200).
       01  SOMEBODY                     PIC X.
           88  SOMEBODY-ANSWERED        VALUE "Y".
       01  SHOPPER                      PIC X.
           88  IS-APPROVED              VALUE "Y".
       01  NUMBER-CHOSEN                PIC X.
           88  ANOTHER-NUMBER           VALUE "Y".
       01  WORD-IS-TICKET               PIC X.
           88  IS-TICKET                VALUE "Y".

      *> ---- what is shown and looked up ---------------------------
       01  ONE-LINE                     PIC X(60000).
       01  NEXT-BYTE                    BINARY-LONG.
       01  PRICE                        PIC X(40).
       01  CENTS                        PIC X(20).
       01  HOW-OPTION                   PIC X(12).
       01  HOW-MORE                     PIC X(80).
       01  BARE-UUID                    PIC X(500).
       01  RECEIPT-RULE                 PIC X(55) VALUE ALL "-".
       01  TICKET-SHOWN                 PIC X(20).
       01  PRICE-SHOWN                  PIC X(27) JUSTIFIED RIGHT.
       01  UUID-SHOWN                   PIC X(36).
       01  NOW                          PIC X(21).
       01  PENDING-SHOWN                PIC X(20).
       01  PLACE                        BINARY-LONG.
       01  EARLIER                      BINARY-LONG.
       01  WAS-SAID                     PIC X.
       01  CONFIRM-ENDS                 PIC X.
       01  REFERENCE-ENDS               PIC X.
       01  ONE-ORDER.
           05  ONE-URL                  PIC X(500).
           05  ONE-UUID                 PIC X(36).
           05  ONE-AMOUNT               PIC X(20).
           05  ONE-CURRENCY             PIC X(3).
           05  ONE-MERCHANT             PIC X(100).
           05  ONE-STATE                PIC X(20).
           05  ONE-WAS                  PIC X(20).
           05  ONE-NOW                  PIC X(20).
           05  ONE-STATUS               PIC X(32).
           05  ONE-NEXT                 PIC X(32).
           05  ONE-MISSING              PIC X(20).
       01  OTHER-CURRENCY               PIC X(3).
       01  OTHER-MERCHANT               PIC X(100).
       01  IS-LISTED                    PIC X.
       01  SALE-CHANGES                 PIC X.
           88  SALE-IS-CHANGING         VALUE "Y".
       01  JSON-POINTER                 PIC X(200).
       01  A-VALUE                      PIC X(500).
       01  SAVED-VALUE                  PIC X(500).
       01  ABI-OF-LIBRARY               BINARY-LONG.

       PROCEDURE DIVISION.
       MAIN-LINE.
           CALL "SQ-ABI-VERSION" USING ABI-OF-LIBRARY SQ-RESULT
           IF ABI-OF-LIBRARY NOT = SQ-ABI
               DISPLAY "the library is not the one this program was "
                   "compiled for" UPON SYSERR
               STOP RUN RETURNING EXIT-MACHINE
           END-IF
           PERFORM READ-COMMAND-LINE
           IF IS-MISTAKEN
               PERFORM SHOW-USAGE
               STOP RUN RETURNING EXIT-USAGE
           END-IF
           CALL "SQ-CLIENT-OPEN-FILE" USING CONFIG-FILE THE-TILL
               SQ-RESULT
           IF SQ-OK
               CALL "TILL-SHOW-LIST" USING SQ-RESULT "/warnings/"
                   "warning"
               PERFORM RUN-TILL
               CALL "SQ-CLIENT-CLOSE" USING THE-TILL SQ-RESULT
           ELSE
               CALL "TILL-SHOW" USING "open" SQ-RESULT
               PERFORM CODE-OF-STATUS
               MOVE STATUS-CODE TO RESULT-CODE
           END-IF
           CALL "SQ-BUFFER-FREE" USING SQ-RESULT
           CALL "SQ-BUFFER-FREE" USING RECOVERED-RESULT
           CALL "SQ-BUFFER-FREE" USING LOG-RESULT
           STOP RUN RETURNING RESULT-CODE.

       RUN-TILL.
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/journal/pending"
               PENDING-SHOWN
           IF URL NOT = SPACES
               PERFORM LOOK-UP-SALE
           END-IF
      *>   What was left unfinished comes first. Where it cannot be
      *>   finished now, it stops no other sale.
           IF ALL-WELL AND TAKES-UP-SALES
               PERFORM RECOVER-SALES
               IF TO-RECOVER
                   MOVE RECOVERY-CODE TO RESULT-CODE
               END-IF
           END-IF
           IF TO-SHOW-PENDING OR TO-RECOVER
               OR (TAKES-UP-SALES AND NOT IS-QUICK)
               PERFORM SHOW-PENDING
           END-IF
           IF ALL-WELL
               EVALUATE TRUE
                   WHEN TO-SHOW-PENDING
                       PERFORM SHOW-BOOK
                   WHEN TO-ABANDON
                       PERFORM ABANDON-SALE
                   WHEN TO-RESOLVE
                       PERFORM RESOLVE-SALE
                   WHEN TO-SELL
                       IF NOT IS-QUICK
                           PERFORM CHECK-ACCOUNT
                       END-IF
                       IF ALL-WELL
                           PERFORM START-SALE
                       END-IF
                   WHEN TO-SEND-FORM
                       PERFORM SEND-FORM
                   WHEN TO-CONFIRM
                       PERFORM CONFIRM-SALE
                   WHEN TO-SET-REF
                       PERFORM SET-REFERENCE
                   WHEN TO-SHIP
                       PERFORM SHIP-GOODS
                   WHEN TO-REFUND
                       PERFORM REFUND-SALE
                   WHEN TO-CANCEL
                       PERFORM CANCEL-SALE
                   WHEN TO-UPDATE
                       PERFORM UPDATE-SALE
                   WHEN TO-SHOW-INFO
                       PERFORM SHOW-INFO
                   WHEN TO-SHOW-LOG
                       PERFORM SHOW-LOG
                   WHEN TO-DISMISS
                       PERFORM DISMISS-ENTRY
                   WHEN TO-RECONCILE
                       PERFORM SHOW-PAYOUTS
                   WHEN TO-REPORT
                       PERFORM REPORT-DELIVERIES
                   WHEN TO-SELF-TEST
                       PERFORM TEST-MACHINE
               END-EVALUATE
           END-IF.

      *> A sale that is taken up again has its URL and ticket number
      *> from the book; what the command line says goes before it.
       LOOK-UP-SALE.
           PERFORM READ-BOOK
           IF ALL-WELL
               MOVE URL TO A-VALUE
               PERFORM FIND-IN-BOOK
               IF PLACE-OF-SALE > 0
                   MOVE BOOK-URL(PLACE-OF-SALE) TO URL
                   IF TICKET = SPACES
                       MOVE BOOK-TICKET(PLACE-OF-SALE) TO TICKET
                   END-IF
               END-IF
           END-IF.

      *> ---- the sale ----------------------------------------------
       START-SALE.
           IF TICKET = SPACES
               PERFORM MAKE-TICKET
           END-IF
           PERFORM READ-ORDER
           IF ORDER-IS-READY
               CALL "SQ-START-SOLICITATION" USING THE-TILL
                   ORDER-JSON(1:ORDER-BYTES) SQ-RESULT
               CALL "TILL-SHOW" USING "start" SQ-RESULT
               PERFORM CODE-OF-STATUS
               MOVE STATUS-CODE TO RESULT-CODE
               IF SQ-OK
      *>           Before anything reaches the shopper, the till knows
      *>           where the order is.
                   MOVE "started" TO NEW-STATE
                   PERFORM RECORD-SALE
                   IF ALL-WELL
                       PERFORM SEND-FORM
                   END-IF
               END-IF
           ELSE
               MOVE EXIT-USAGE TO RESULT-CODE
           END-IF.

      *> The link to seQura's form goes to the shopper's mobile. The
      *> shopper fills it in, never the staff.
       SEND-FORM.
           CALL "SQ-SEND-FORM" USING THE-TILL URL PRODUCT OMITTED
               SQ-RESULT
           CALL "TILL-SHOW" USING "form" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           IF SQ-NO-FINAL-ANSWER OR SQ-RATE-LIMITED
               MOVE "--form" TO HOW-OPTION
               PERFORM SAY-HOW-TO-GO-ON
           END-IF
           IF SQ-OK
               PERFORM ASK-WHETHER-APPROVED
               IF IS-APPROVED
                   PERFORM CONFIRM-SALE
               ELSE
                   CALL "TILL-SAY" USING " "
                       "The sale is left open; nothing is sold. " &
                       "When the shopper leaves: --abandon instead."
                   MOVE "--confirm" TO HOW-OPTION
                   PERFORM SAY-HOW-TO-GO-ON
                   MOVE EXIT-WAITING TO RESULT-CODE
               END-IF
           END-IF.

      *> Step 1: the whole order once more, as it is at this moment, for
      *> seQura to say whether it is still the one that was approved.
      *> Without an order file it is what it was when it was last sent.
       CONFIRM-SALE.
           MOVE "N" TO CONFIRM-ENDS
           PERFORM UNTIL CONFIRM-ENDS = "Y"
               MOVE "Y" TO CONFIRM-ENDS
               PERFORM ASK-SEQURA-TO-CONFIRM
               EVALUATE TRUE
                   WHEN NOT ORDER-IS-READY
                       MOVE EXIT-USAGE TO RESULT-CODE
                   WHEN SQ-OK
                       PERFORM COMPLETE-SALE
                   WHEN SQ-ERR-NOT-APPROVED
                       PERFORM CONFIRMED-TOO-EARLY
                   WHEN SQ-DUPLICATE-ORDER-REF
                       PERFORM NUMBER-IS-TAKEN
                   WHEN OTHER
                       PERFORM NOT-CONFIRMED
               END-EVALUATE
           END-PERFORM.
       ASK-SEQURA-TO-CONFIRM.
           IF ORDER-FILE = SPACES
               MOVE "Y" TO ORDER-STATUS
               CALL "SQ-CONFIRM" USING THE-TILL URL OMITTED SQ-RESULT
           ELSE
               PERFORM READ-ORDER
               IF ORDER-IS-READY
                   CALL "SQ-CONFIRM" USING THE-TILL URL
                       ORDER-JSON(1:ORDER-BYTES) SQ-RESULT
               END-IF
           END-IF
           IF ORDER-IS-READY
               CALL "TILL-SHOW" USING "confirm" SQ-RESULT
               PERFORM CODE-OF-STATUS
               MOVE STATUS-CODE TO RESULT-CODE
           END-IF.
       CONFIRMED-TOO-EARLY.
           MOVE "N" TO SHOPPER
           IF ASKS-OPERATOR
               PERFORM ASK-WHETHER-APPROVED
           END-IF
           IF IS-APPROVED
               MOVE "N" TO CONFIRM-ENDS
           ELSE
               MOVE "--confirm" TO HOW-OPTION
               PERFORM SAY-HOW-TO-GO-ON
               MOVE EXIT-WAITING TO RESULT-CODE
           END-IF.
       NUMBER-IS-TAKEN.
           MOVE "N" TO NUMBER-CHOSEN
           IF REF-FIRST
               PERFORM ASK-FOR-ANOTHER-NUMBER
           END-IF
           IF ANOTHER-NUMBER
               MOVE "N" TO CONFIRM-ENDS
           ELSE
               PERFORM SAY-ANOTHER-NUMBER
           END-IF.
       NOT-CONFIRMED.
           IF SQ-NO-FINAL-ANSWER
               CALL "TILL-SAY" USING " "
                   "Nothing is completed and nothing is off: keep " &
                   "the goods, take no other payment."
               PERFORM SAY-RECOVER
           END-IF
           IF SQ-SEQURA-SAID-NO
               CALL "TILL-SAY" USING " "
                   "Nothing is completed and no ticket number is " &
                   "sent: this sale does not take place."
               IF SQ-STATE-CONFLICTED AND TICKET NOT = SPACES
                   MOVE "refused" TO NEW-STATE
                   PERFORM RECORD-SALE
               END-IF
           END-IF.

      *> Step 2: only now is the sale completed in the till's book.
       COMPLETE-SALE.
           PERFORM ADOPT-TICKET
           IF TICKET = SPACES
               PERFORM MAKE-TICKET
           END-IF
           MOVE "completed" TO NEW-STATE
           MOVE EXIT-DONE TO RESULT-CODE
           PERFORM RECORD-SALE
           IF ALL-WELL
               PERFORM REGISTER-SALE
           END-IF.
       REGISTER-SALE.
           IF SQ-STATE-SETTLED
               PERFORM SALE-IS-SETTLED
           ELSE
               PERFORM SET-REFERENCE
           END-IF.

      *> Step 3: seQura learns the ticket number. Without it, it never
      *> pays the shop.
       SET-REFERENCE.
           MOVE "N" TO REFERENCE-ENDS
           PERFORM UNTIL REFERENCE-ENDS = "Y"
               MOVE "Y" TO REFERENCE-ENDS
               CALL "SQ-SET-ORDER-REF" USING THE-TILL URL TICKET
                   OMITTED SQ-RESULT
               CALL "TILL-SHOW" USING "reference" SQ-RESULT
               PERFORM CODE-OF-STATUS
               MOVE STATUS-CODE TO RESULT-CODE
               MOVE "N" TO NUMBER-CHOSEN
               IF SQ-DUPLICATE-ORDER-REF
                   PERFORM ASK-FOR-ANOTHER-NUMBER
               END-IF
               EVALUATE TRUE
                   WHEN SQ-OK
                       PERFORM SALE-IS-SETTLED
                   WHEN ANOTHER-NUMBER
                       MOVE "N" TO REFERENCE-ENDS
                   WHEN SQ-STATE-CONFIRMED
                   WHEN SQ-STATE-REFERENCING
                   WHEN SQ-STATE-REF-CONFLICTED
                       PERFORM SALE-HAS-NO-REFERENCE
               END-EVALUATE
           END-PERFORM.
       SALE-HAS-NO-REFERENCE.
           CALL "TILL-SAY" USING " "
               "The sale stands and seQura has no ticket number " &
               "for it: keep the goods until it has."
           IF SQ-DUPLICATE-ORDER-REF
               MOVE "--set-ref" TO HOW-OPTION
               MOVE "ANOTHER-NUMBER" TO HOW-MORE
               PERFORM SAY-HOW-TO-GO-ON
           ELSE
               PERFORM SAY-RECOVER
           END-IF
           MOVE EXIT-NO-REFERENCE TO RESULT-CODE.

      *> seQura has the ticket number: the end of the sale.
       SALE-IS-SETTLED.
           PERFORM ADOPT-TICKET
           MOVE "registered" TO NEW-STATE
           MOVE EXIT-DONE TO RESULT-CODE
           PERFORM RECORD-SALE
           IF ALL-WELL
               MOVE SQ-AMOUNT TO PENDING-SHOWN
               PERFORM PRICE-OF-RESULT
               MOVE TICKET TO TICKET-SHOWN
               MOVE FUNCTION TRIM(PRICE) TO PRICE-SHOWN
               MOVE SQ-ORDER-UUID TO UUID-SHOWN
               DISPLAY "              " RECEIPT-RULE
               DISPLAY "              Ticket " TICKET-SHOWN " "
                   PRICE-SHOWN
               DISPLAY "              Pagado con seQura   " UUID-SHOWN
               DISPLAY "              " RECEIPT-RULE
           END-IF.

      *> A settled order has the ticket number that seQura has: it may
      *> have been settled long ago.
       ADOPT-TICKET.
           IF SQ-STATE-SETTLED AND SQ-ORDER-REF-1 NOT = SPACES
               MOVE SQ-ORDER-REF-1 TO TICKET
           END-IF.

      *> The shopper left: the till asks nothing of the order any more.
       ABANDON-SALE.
           CALL "SQ-ABANDON" USING THE-TILL URL SQ-RESULT
           CALL "TILL-SHOW" USING "abandon" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           IF SQ-OK AND TICKET NOT = SPACES
               MOVE "abandoned" TO NEW-STATE
               PERFORM RECORD-SALE
           END-IF.

      *> Somebody has looked in seQura's portal what became of the order:
      *> "confirmed", or "not_confirmed". Goes on from there.
       RESOLVE-SALE.
           CALL "SQ-RESOLVE" USING THE-TILL URL MORE-NAMED REASON
               SQ-RESULT
           CALL "TILL-SHOW" USING "resolve" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           MOVE SPACES TO URL
           IF SQ-OK
               PERFORM RECOVER-SALES
               MOVE RECOVERY-CODE TO RESULT-CODE
           END-IF.

      *> Not needed for each sale: does seQura know this shop, and what
      *> may its shoppers choose from?
       CHECK-ACCOUNT.
           CALL "SQ-CHECK-CREDENTIALS" USING THE-TILL SQ-RESULT
           CALL "TILL-SHOW" USING "credentials" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           IF SQ-OK
               PERFORM SHOW-MERCHANTS
               CALL "SQ-PAYMENT-METHODS" USING THE-TILL OMITTED
                   SQ-RESULT
               PERFORM CODE-OF-STATUS
               MOVE STATUS-CODE TO RESULT-CODE
               IF SQ-OK
                   PERFORM SHOW-METHODS
               ELSE
                   CALL "TILL-SHOW" USING "methods" SQ-RESULT
               END-IF
           END-IF.
       SHOW-MERCHANTS.
           PERFORM BEGIN-LINE
           MOVE 0 TO PLACE
           PERFORM GET-MERCHANT
           PERFORM UNTIL ONE-MERCHANT = SPACES
               IF PLACE > 0
                   STRING ", " DELIMITED BY SIZE
                       INTO ONE-LINE POINTER NEXT-BYTE
               END-IF
               CALL "TILL-VALUE" USING SQ-RESULT "/data/merchants/"
                   PLACE "/country" A-VALUE
               STRING FUNCTION TRIM(ONE-MERCHANT) " in "
                   FUNCTION TRIM(A-VALUE) DELIMITED BY SIZE
                   INTO ONE-LINE POINTER NEXT-BYTE
               ADD 1 TO PLACE
               PERFORM GET-MERCHANT
           END-PERFORM
           IF PLACE > 0
               CALL "TILL-SAY" USING "merchants" ONE-LINE
           END-IF.
       GET-MERCHANT.
           CALL "TILL-VALUE" USING SQ-RESULT "/data/merchants/" PLACE
               "/id" ONE-MERCHANT.
       SHOW-METHODS.
           PERFORM BEGIN-LINE
           MOVE 0 TO PLACE
           PERFORM GET-METHOD
           PERFORM UNTIL A-VALUE = SPACES
               IF PLACE > 0
                   STRING "; " DELIMITED BY SIZE
                       INTO ONE-LINE POINTER NEXT-BYTE
               END-IF
               STRING FUNCTION TRIM(A-VALUE) " " DELIMITED BY SIZE
                   INTO ONE-LINE POINTER NEXT-BYTE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/methods/" PLACE
                   "/title" A-VALUE
               STRING FUNCTION TRIM(A-VALUE) DELIMITED BY SIZE
                   INTO ONE-LINE POINTER NEXT-BYTE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/methods/" PLACE
                   "/min_amount" CENTS
               IF CENTS NOT = SPACES
                   CALL "TILL-PRICE" USING CENTS " " PRICE
                   STRING ", from " FUNCTION TRIM(PRICE)
                       DELIMITED BY SIZE INTO ONE-LINE
                       POINTER NEXT-BYTE
               END-IF
               CALL "TILL-VALUE" USING SQ-RESULT "/data/methods/" PLACE
                   "/max_amount" CENTS
               IF CENTS NOT = SPACES
                   CALL "TILL-PRICE" USING CENTS " " PRICE
                   STRING ", up to " FUNCTION TRIM(PRICE)
                       DELIMITED BY SIZE INTO ONE-LINE
                       POINTER NEXT-BYTE
               END-IF
               ADD 1 TO PLACE
               PERFORM GET-METHOD
           END-PERFORM
           IF PLACE > 0
               CALL "TILL-SAY" USING "methods" ONE-LINE
           END-IF.
       GET-METHOD.
           CALL "TILL-VALUE" USING SQ-RESULT "/data/methods/" PLACE
               "/product" A-VALUE.

      *> ---- what the till was killed in, or got no answer to ------
      *> The library's journal knows what seQura was asked, and
      *> SQ-RECOVER asks again what has no answer. The book knows what
      *> the shop has sold. Here the book is brought to where the orders
      *> are. Nothing is asked of the operator; where the operator has
      *> to act, it is said how.
       RECOVER-SALES.
           MOVE EXIT-DONE TO RECOVERY-CODE
           IF PENDING-SHOWN NOT = "0"
               CALL "SQ-RECOVER" USING THE-TILL OMITTED
                   RECOVERED-RESULT
               IF NOT RECOVERED-OK
                   CALL "TILL-SHOW" USING "recover" RECOVERED-RESULT
                   MOVE RECOVERED-STATUS TO SQ-STATUS
                   PERFORM CODE-OF-STATUS
                   MOVE STATUS-CODE TO RECOVERY-CODE
               END-IF
           END-IF
           PERFORM READ-BOOK
           IF ALL-WELL
               PERFORM SHOW-RECOVERED
      *>       The book too: the till may have been killed when the
      *>       journal was done and the book was not.
               PERFORM VARYING PLACE-OF-SALE FROM 1 BY 1
                   UNTIL PLACE-OF-SALE > BOOK-COUNT
                   IF BOOK-IS-OPEN(PLACE-OF-SALE)
                       AND BOOK-URL(PLACE-OF-SALE) NOT = URL
                       PERFORM TAKE-UP-SALE
                   END-IF
               END-PERFORM
           END-IF.

      *> Of the orders that changed, or that somebody has to do
      *> something for.
       SHOW-RECOVERED.
           MOVE 0 TO PLACE
           PERFORM GET-RECOVERED
           PERFORM UNTIL ONE-NOW = SPACES
               PERFORM FIND-ONE-IN-BOOK
               MOVE SPACES TO A-VALUE
               EVALUATE TRUE
                   WHEN SALE-IS-CHANGING AND ONE-NEXT = "none"
      *>               What came of the change is said when the book is
      *>               brought up to date.
                       CONTINUE
                   WHEN ONE-WAS NOT = ONE-NOW
                       STRING FUNCTION TRIM(ONE-WAS) ", now "
                           FUNCTION TRIM(ONE-NOW)
                           DELIMITED BY SIZE INTO A-VALUE
                   WHEN ONE-NEXT = "none"
                   WHEN URL = ONE-URL
                   WHEN URL = ONE-UUID
                       CONTINUE
                   WHEN SALE-IS-CHANGING
                       MOVE "still changing" TO A-VALUE
                   WHEN OTHER
                       STRING "still " FUNCTION TRIM(ONE-NOW)
                           DELIMITED BY SIZE INTO A-VALUE
               END-EVALUATE
               IF A-VALUE NOT = SPACES
                   PERFORM SHOW-ONE-RECOVERED
               END-IF
               ADD 1 TO PLACE
               PERFORM GET-RECOVERED
           END-PERFORM.
       SHOW-ONE-RECOVERED.
           PERFORM BEGIN-LINE
           IF PLACE-OF-SALE > 0
               PERFORM ADD-SALE-TO-LINE
           ELSE
               PERFORM ADD-ORDER-TO-LINE
           END-IF
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
           CALL "TILL-SAY" USING "recover" ONE-LINE
           IF PLACE-OF-SALE = 0 AND URL NOT = ONE-URL
               AND URL NOT = ONE-UUID AND ONE-URL NOT = SPACES
               PERFORM SEE-TO-STRANGER
           END-IF.
       FIND-ONE-IN-BOOK.
           MOVE 0 TO PLACE-OF-SALE
           MOVE "N" TO SALE-CHANGES
           IF ONE-URL NOT = SPACES
               MOVE ONE-URL TO A-VALUE
               PERFORM FIND-IN-BOOK
           END-IF
           IF PLACE-OF-SALE > 0
               IF BOOK-IS-CHANGING(PLACE-OF-SALE)
                   MOVE "Y" TO SALE-CHANGES
               END-IF
           END-IF.

      *> An order that the book does not have. One whose start has just
      *> been answered is nobody's: its form was never sent, and its
      *> basket is sold as a new order. Any other is for the operator.
       SEE-TO-STRANGER.
           IF ONE-WAS = "soliciting" AND ONE-STATUS = "SQ_OK"
               CALL "SQ-ABANDON" USING THE-TILL ONE-URL SQ-RESULT
           ELSE
               MOVE -1 TO SQ-STATUS
           END-IF
           IF SQ-OK
               CALL "TILL-SAY" USING " "
                   "Nobody has its form: it is given up, and the " &
                   "basket is sold as a new order."
           ELSE
               PERFORM PUT-SALE-ASIDE
               MOVE ONE-URL TO URL
               PERFORM SAY-WHAT-IS-DUE
               PERFORM TAKE-SALE-BACK
           END-IF.

      *> The till at a sale of its book, alone: the operator has another
      *> shopper to serve.
       TAKE-UP-SALE.
           PERFORM PUT-SALE-ASIDE
           MOVE SPACES TO ORDER-FILE
           MOVE "N" TO REF-GOES-FIRST OPERATOR-IS-THERE
           MOVE BOOK-URL(PLACE-OF-SALE) TO URL
           MOVE BOOK-TICKET(PLACE-OF-SALE) TO TICKET
           MOVE EXIT-DONE TO RESULT-CODE
           PERFORM FIND-RECOVERED
      *>   Still no answer: it has just been tried.
           IF IS-LISTED = "N" OR ONE-NEXT NOT = "recover"
               PERFORM BRING-UP-TO-DATE
           END-IF
           IF RECOVERY-CODE = EXIT-DONE
               MOVE RESULT-CODE TO RECOVERY-CODE
           END-IF
           MOVE EXIT-DONE TO RESULT-CODE
           PERFORM TAKE-SALE-BACK.
       PUT-SALE-ASIDE.
           MOVE SALE TO SALE-ASIDE.
       TAKE-SALE-BACK.
           MOVE SALE-ASIDE TO SALE.

      *> Writes into the book what has become of the sale, and finishes
      *> it where seQura has confirmed it.
       BRING-UP-TO-DATE.
      *>   By its name, for the whole order. Nothing of it waits for an
      *>   answer now, so nothing is sent.
           CALL "SQ-RECOVER" USING THE-TILL URL SQ-RESULT
           EVALUATE TRUE
               WHEN SQ-UNKNOWN-ORDER
                   MOVE "is not in this journal" TO A-VALUE
                   MOVE "recover" TO HOW-OPTION
                   PERFORM SAY-SALE
               WHEN NOT SQ-OK
               WHEN SQ-STATE = SPACES
                   CALL "TILL-SHOW" USING "recover" SQ-RESULT
                   PERFORM CODE-OF-STATUS
                   MOVE STATUS-CODE TO RESULT-CODE
               WHEN BOOK-IS-CHANGING(PLACE-OF-SALE)
                   MOVE "was being changed" TO A-VALUE
                   MOVE "recover" TO HOW-OPTION
                   PERFORM SAY-SALE
                   IF IS-LISTED = "Y" AND ONE-STATUS NOT = "SQ_OK"
                       PERFORM SAY-WHY
                   END-IF
                   PERFORM RECORD-AFTER-SALE
               WHEN SQ-STATE-CONFIRMED
               WHEN SQ-STATE-SETTLED
                   IF SQ-STATE-SETTLED
                       PERFORM SAY-TO-OPERATOR
                   END-IF
                   IF BOOK-STATE(PLACE-OF-SALE) = "started"
                       PERFORM COMPLETE-SALE
                   ELSE
                       PERFORM REGISTER-SALE
                   END-IF
               WHEN SQ-STATE-REF-CONFLICTED
                   PERFORM CHOOSE-ANOTHER
               WHEN SQ-STATE-ABANDONED
               WHEN SQ-STATE-CANCELLED
                   MOVE SQ-STATE TO NEW-STATE
                   PERFORM RECORD-SALE
               WHEN IS-LISTED = "Y"
                   AND ONE-STATUS = "SQ_DUPLICATE_ORDER_REF"
                   PERFORM SAY-ANOTHER-NUMBER
               WHEN IS-LISTED = "Y" AND ONE-STATUS = "SQ_CONFLICT"
                   PERFORM SAY-WHY
                   PERFORM SAY-TO-OPERATOR
                   MOVE "refused" TO NEW-STATE
                   PERFORM RECORD-SALE
               WHEN OTHER
                   MOVE SQ-STATE TO A-VALUE
                   MOVE "waiting" TO HOW-OPTION
                   PERFORM SAY-SALE
                   MOVE SQ-NEXT TO ONE-NEXT
                   PERFORM SAY-WHAT-IS-DUE
           END-EVALUATE.
      *> The order is confirmed, and its number is another sale's.
       CHOOSE-ANOTHER.
           PERFORM SAY-TO-OPERATOR
           IF BOOK-STATE(PLACE-OF-SALE) = "started"
               MOVE "completed" TO NEW-STATE
               PERFORM RECORD-SALE
           END-IF
           IF ALL-WELL
               MOVE "choose_another_ref" TO ONE-NEXT
               PERFORM SAY-WHAT-IS-DUE
               MOVE EXIT-NO-REFERENCE TO RESULT-CODE
           END-IF.
      *> seQura's own words on what it refused: the log has them.
       SAY-WHY.
           MOVE SPACES TO ONE-LINE
           STRING '{"limit":1,"order":"' FUNCTION TRIM(SQ-ORDER-UUID)
               '"}' DELIMITED BY SIZE INTO ONE-LINE
           CALL "SQ-LOG" USING THE-TILL ONE-LINE LOG-RESULT
           CALL "SQ-BUFFER-GET" USING LOG-RESULT
               "/data/entries/0/description" ONE-LINE
           IF ONE-LINE NOT = SPACES AND ONE-LINE NOT = "null"
               CALL "TILL-SAY" USING " " ONE-LINE
           END-IF.
       SAY-TO-OPERATOR.
           IF SQ-OPERATOR-MESSAGE NOT = SPACES
               CALL "TILL-SAY" USING "operator >>" SQ-OPERATOR-MESSAGE
           END-IF.

      *> The order at URL in the list of what was recovered.
       FIND-RECOVERED.
           MOVE "N" TO IS-LISTED
           MOVE 0 TO PLACE
           PERFORM GET-RECOVERED
           PERFORM UNTIL ONE-NOW = SPACES OR IS-LISTED = "Y"
               IF ONE-URL = URL
                   MOVE "Y" TO IS-LISTED
               ELSE
                   ADD 1 TO PLACE
                   PERFORM GET-RECOVERED
               END-IF
           END-PERFORM.
       GET-RECOVERED.
           MOVE SPACES TO ONE-ORDER
           CALL "TILL-VALUE" USING RECOVERED-RESULT "/data/orders/"
               PLACE "/now" ONE-NOW
           IF ONE-NOW NOT = SPACES
               CALL "TILL-VALUE" USING RECOVERED-RESULT
                   "/data/orders/" PLACE "/was" ONE-WAS
               CALL "TILL-VALUE" USING RECOVERED-RESULT
                   "/data/orders/" PLACE "/url" ONE-URL
               CALL "TILL-VALUE" USING RECOVERED-RESULT
                   "/data/orders/" PLACE "/uuid" ONE-UUID
               CALL "TILL-VALUE" USING RECOVERED-RESULT
                   "/data/orders/" PLACE "/status" ONE-STATUS
               CALL "TILL-VALUE" USING RECOVERED-RESULT
                   "/data/orders/" PLACE "/next" ONE-NEXT
               CALL "TILL-VALUE" USING RECOVERED-RESULT
                   "/data/orders/" PLACE "/amount" ONE-AMOUNT
               CALL "TILL-VALUE" USING RECOVERED-RESULT
                   "/data/orders/" PLACE "/currency" ONE-CURRENCY
           END-IF.

       COPY "tillafter.cpy".
       COPY "tilloffice.cpy".

      *> ---- what is unfinished ------------------------------------
      *> In the library's journal; nothing is sent for this.
       SHOW-PENDING.
           CALL "SQ-PENDING" USING THE-TILL SQ-RESULT
           IF SQ-OK
               MOVE 0 TO PLACE
               PERFORM GET-PENDING
               PERFORM UNTIL ONE-MISSING = SPACES
                   PERFORM BEGIN-LINE
                   PERFORM ADD-ORDER-TO-LINE
                   STRING " " FUNCTION TRIM(ONE-STATE) ": needs "
                       FUNCTION TRIM(ONE-MISSING) DELIMITED BY SIZE
                       INTO ONE-LINE POINTER NEXT-BYTE
                   CALL "TILL-SAY" USING "pending" ONE-LINE
                   ADD 1 TO PLACE
                   PERFORM GET-PENDING
               END-PERFORM
               IF PLACE = 0
                   CALL "TILL-SAY" USING "pending"
                       "nothing: every sale with seQura is finished"
               END-IF
               MOVE 0 TO PLACE
               PERFORM GET-PENDING
               PERFORM UNTIL ONE-MISSING = SPACES
                   PERFORM SHOW-AT-RISK
                   ADD 1 TO PLACE
                   PERFORM GET-PENDING
               END-PERFORM
           ELSE
               CALL "TILL-SHOW" USING "pending" SQ-RESULT
               PERFORM CODE-OF-STATUS
               IF ALL-WELL
                   MOVE STATUS-CODE TO RESULT-CODE
               END-IF
           END-IF.
       GET-PENDING.
           MOVE SPACES TO ONE-ORDER
           CALL "TILL-VALUE" USING SQ-RESULT "/data/orders/" PLACE
               "/missing" ONE-MISSING
           IF ONE-MISSING NOT = SPACES
               CALL "TILL-VALUE" USING SQ-RESULT "/data/orders/" PLACE
                   "/uuid" ONE-UUID
               CALL "TILL-VALUE" USING SQ-RESULT "/data/orders/" PLACE
                   "/amount" ONE-AMOUNT
               CALL "TILL-VALUE" USING SQ-RESULT "/data/orders/" PLACE
                   "/currency" ONE-CURRENCY
               CALL "TILL-VALUE" USING SQ-RESULT "/data/orders/" PLACE
                   "/merchant_id" ONE-MERCHANT
               CALL "TILL-VALUE" USING SQ-RESULT "/data/orders/" PLACE
                   "/state" ONE-STATE
           END-IF.
      *> The money at risk in this order's currency, at its merchant;
      *> said once for each such pair.
       SHOW-AT-RISK.
           MOVE "N" TO WAS-SAID
           PERFORM VARYING EARLIER FROM 0 BY 1 UNTIL EARLIER >= PLACE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/orders/"
                   EARLIER "/currency" OTHER-CURRENCY
               CALL "TILL-VALUE" USING SQ-RESULT "/data/orders/"
                   EARLIER "/merchant_id" OTHER-MERCHANT
               IF OTHER-CURRENCY = ONE-CURRENCY
                   AND OTHER-MERCHANT = ONE-MERCHANT
                   MOVE "Y" TO WAS-SAID
               END-IF
           END-PERFORM
           IF WAS-SAID = "N" AND ONE-CURRENCY NOT = SPACES
               AND ONE-MERCHANT NOT = SPACES
               MOVE SPACES TO JSON-POINTER
               STRING "/data/at_risk/" FUNCTION TRIM(ONE-CURRENCY) "/"
                   FUNCTION TRIM(ONE-MERCHANT) DELIMITED BY SIZE
                   INTO JSON-POINTER
               CALL "SQ-BUFFER-GET" USING SQ-RESULT JSON-POINTER CENTS
               IF SQ-FOUND
                   CALL "TILL-PRICE" USING CENTS ONE-CURRENCY PRICE
                   CALL "TILL-SAY" USING "at risk" PRICE
               END-IF
           END-IF.

      *> In the till's own book.
       SHOW-BOOK.
           PERFORM READ-BOOK
           PERFORM VARYING PLACE-OF-SALE FROM 1 BY 1
               UNTIL PLACE-OF-SALE > BOOK-COUNT
               IF BOOK-IS-OPEN(PLACE-OF-SALE)
                   MOVE BOOK-STATE(PLACE-OF-SALE) TO A-VALUE
                   MOVE "book" TO HOW-OPTION
                   PERFORM SAY-SALE
               END-IF
           END-PERFORM.

      *> ---- the till's own book -----------------------------------
       READ-BOOK.
           CALL "BOOK-READ" USING BOOK-FILE BOOK-SALES BOOK-DONE
           IF BOOK-DONE = "N"
               DISPLAY "till: cannot read " FUNCTION TRIM(BOOK-FILE)
                   UPON SYSERR
               MOVE EXIT-USAGE TO RESULT-CODE
           END-IF.

      *> The sale with this URL, or with this uuid at its end; 0 if
      *> there is none. A whole URL must be the same whole URL: a uuid
      *> on somebody else's host is another order.
       FIND-IN-BOOK.
           PERFORM VARYING PLACE-OF-SALE FROM 1 BY 1
               UNTIL PLACE-OF-SALE > BOOK-COUNT
               IF BOOK-URL(PLACE-OF-SALE) = A-VALUE
                   EXIT PERFORM
               END-IF
               MOVE BOOK-URL(PLACE-OF-SALE) TO BARE-UUID
               PERFORM CUT-TO-UUID
               IF BARE-UUID = A-VALUE
                   EXIT PERFORM
               END-IF
           END-PERFORM
           IF PLACE-OF-SALE > BOOK-COUNT
               MOVE 0 TO PLACE-OF-SALE
           END-IF.

      *> Writes into the book what the order of the result has come to.
       RECORD-SALE.
           IF SQ-ORDER-URL NOT = SPACES
      *>       The operator may have given the bare uuid.
               MOVE SQ-ORDER-URL TO URL
           END-IF
           IF SQ-CURRENCY = SPACES
               MOVE "?" TO CENTS SQ-CURRENCY
           ELSE
               PERFORM CENTS-OF-RESULT
           END-IF
           CALL "BOOK-ADD" USING BOOK-FILE NEW-STATE TICKET CENTS
               SQ-CURRENCY URL BOOK-DONE
           IF BOOK-DONE = "Y"
               MOVE SPACES TO ONE-LINE
               STRING FUNCTION TRIM(TICKET) " is now "
                   FUNCTION TRIM(NEW-STATE) DELIMITED BY SIZE
                   INTO ONE-LINE
               CALL "TILL-SAY" USING "book" ONE-LINE
           ELSE
               DISPLAY "till: cannot write " FUNCTION TRIM(BOOK-FILE)
                   UPON SYSERR
               MOVE EXIT-USAGE TO RESULT-CODE
           END-IF.

      *> A real till takes the next number of its counter.
       MAKE-TICKET.
           MOVE FUNCTION CURRENT-DATE TO NOW
           STRING "T-" NOW(1:8) "-" NOW(9:6) DELIMITED BY SIZE
               INTO TICKET.

      *> ---- the order ---------------------------------------------
      *> The order as it is at this moment, with the ticket number in it
      *> where that goes first.
       READ-ORDER.
           MOVE ORDER-FILE TO FILE-TO-READ
           PERFORM READ-JSON-FILE
           IF ORDER-IS-READY AND REF-FIRST
               PERFORM PUT-TICKET-INTO-ORDER
           END-IF.
       READ-JSON-FILE.
           MOVE "N" TO ORDER-STATUS
           CALL "CBL_CHECK_FILE_EXIST" USING FILE-TO-READ FILE-DETAILS
           IF RETURN-CODE = 0 AND FILE-SIZE > 0
               AND FILE-SIZE < ORDER-ROOM - 200
               CALL "CBL_OPEN_FILE" USING FILE-TO-READ MODE-READ
                   NO-LOCK NO-DEVICE FILE-HANDLE
               IF RETURN-CODE = 0
                   MOVE SPACES TO ORDER-JSON
                   MOVE FILE-SIZE TO ORDER-BYTES
                   MOVE FILE-SIZE TO BYTE-COUNT
                   CALL "CBL_READ_FILE" USING FILE-HANDLE FILE-OFFSET
                       BYTE-COUNT NO-FLAGS ORDER-JSON
                   IF RETURN-CODE = 0
                       MOVE "Y" TO ORDER-STATUS
                   END-IF
                   CALL "CBL_CLOSE_FILE" USING FILE-HANDLE
               END-IF
           END-IF
           MOVE 0 TO RETURN-CODE
           IF NOT ORDER-IS-READY
               DISPLAY "cannot read " FUNCTION TRIM(FILE-TO-READ)
                   UPON SYSERR
           END-IF.

      *> The one place where this till writes JSON itself; the ticket
      *> number has nothing to escape.
       PUT-TICKET-INTO-ORDER.
           MOVE 1 TO AT-BYTE
           IF ORDER-JSON(1:3) = X"EFBBBF"
      *>       The byte order mark that some editors write.
               ADD 3 TO AT-BYTE
           END-IF
           PERFORM SKIP-BLANKS
           IF ORDER-JSON(AT-BYTE:1) NOT = "{"
               MOVE "N" TO ORDER-STATUS
           ELSE
               ADD 1 TO AT-BYTE
               PERFORM SKIP-BLANKS
               IF ORDER-JSON(AT-BYTE:7) = '"order"'
                   ADD 7 TO AT-BYTE
                   PERFORM SKIP-BLANKS
                   IF ORDER-JSON(AT-BYTE:1) NOT = ":"
                       MOVE "N" TO ORDER-STATUS
                   END-IF
                   ADD 1 TO AT-BYTE
                   PERFORM SKIP-BLANKS
                   IF ORDER-JSON(AT-BYTE:1) NOT = "{"
                       MOVE "N" TO ORDER-STATUS
                   END-IF
                   ADD 1 TO AT-BYTE
               END-IF
           END-IF
           IF ORDER-IS-READY
               MOVE SPACES TO ORDER-WITH-REF
               MOVE 1 TO NEXT-BYTE
               STRING ORDER-JSON(1:AT-BYTE - 1)
                   '"merchant_reference":{"order_ref_1":"'
                   FUNCTION TRIM(TICKET) '"},'
                   ORDER-JSON(AT-BYTE:ORDER-BYTES - AT-BYTE + 1)
                   DELIMITED BY SIZE INTO ORDER-WITH-REF
                   POINTER NEXT-BYTE
               MOVE ORDER-WITH-REF TO ORDER-JSON
               COMPUTE ORDER-BYTES = NEXT-BYTE - 1
           ELSE
               DISPLAY FUNCTION TRIM(ORDER-FILE)
                   " does not begin like an order" UPON SYSERR
           END-IF.
       SKIP-BLANKS.
           PERFORM UNTIL AT-BYTE > ORDER-BYTES
               OR (ORDER-JSON(AT-BYTE:1) NOT = SPACE AND X"09"
                   AND X"0A" AND X"0D")
               ADD 1 TO AT-BYTE
           END-PERFORM.

      *> ---- the operator ------------------------------------------
       ASK-WHETHER-APPROVED.
           MOVE "Y" TO SHOPPER
           IF ASKS-OPERATOR
               MOVE
                   "does the shopper's phone say approved? [Enter " &
                   "= yes, n = no]" TO QUESTION
               PERFORM ASK-OPERATOR
               IF NOT SOMEBODY-ANSWERED OR OPERATOR-ANSWER(1:1) = "n"
                   OR OPERATOR-ANSWER(1:1) = "N"
                   MOVE "N" TO SHOPPER
               END-IF
           END-IF.
       ASK-FOR-ANOTHER-NUMBER.
           MOVE "another ticket number for this sale:" TO QUESTION
           MOVE "N" TO NUMBER-CHOSEN
           PERFORM ASK-OPERATOR
           PERFORM UNTIL NOT SOMEBODY-ANSWERED OR ANOTHER-NUMBER
               MOVE OPERATOR-ANSWER TO ARGUMENT
               PERFORM CHECK-TICKET
               IF IS-TICKET
                   MOVE "Y" TO NUMBER-CHOSEN
                   MOVE ARGUMENT TO TICKET
               ELSE
                   PERFORM ASK-OPERATOR
               END-IF
           END-PERFORM.
       ASK-OPERATOR.
           MOVE "N" TO SOMEBODY
           IF ASKS-OPERATOR
               DISPLAY "  operator ?  " FUNCTION TRIM(QUESTION) " "
                   WITH NO ADVANCING
               IF OPERATOR-STATUS = SPACES
                   OPEN INPUT OPERATOR-INPUT
               END-IF
               READ OPERATOR-INPUT
                   AT END
                       DISPLAY " "
                   NOT AT END
                       MOVE "Y" TO SOMEBODY
                       MOVE OPERATOR-LINE TO OPERATOR-ANSWER
               END-READ
           END-IF.
      *> Ticket numbers go into the order, the book and the screen as
      *> they are.
       CHECK-TICKET.
           MOVE "Y" TO WORD-IS-TICKET
           MOVE 0 TO AT-BYTE
           INSPECT ARGUMENT TALLYING AT-BYTE
               FOR CHARACTERS BEFORE INITIAL SPACE
           IF AT-BYTE = 0 OR AT-BYTE > 100
               OR ARGUMENT(AT-BYTE + 1:) NOT = SPACES
               MOVE "N" TO WORD-IS-TICKET
           END-IF
           PERFORM UNTIL AT-BYTE = 0
               IF ARGUMENT(AT-BYTE:1) < "!" OR > "~" OR = '"' OR = "\"
                   MOVE "N" TO WORD-IS-TICKET
               END-IF
               SUBTRACT 1 FROM AT-BYTE
           END-PERFORM.

      *> ---- what is shown -----------------------------------------
      *> What has no answer yet is found out by the till itself, for all
      *> such orders at once.
       SAY-RECOVER.
           CALL "TILL-SAY" USING "to go on"
               "till CONFIG --recover; the next sale begins with " &
               "it too".
      *> How the operator takes the sale up again later.
       SAY-HOW-TO-GO-ON.
           MOVE URL TO BARE-UUID
           PERFORM CUT-TO-UUID
           MOVE SPACES TO ONE-LINE
           STRING "till CONFIG " FUNCTION TRIM(HOW-OPTION) " "
               FUNCTION TRIM(BARE-UUID) " " FUNCTION TRIM(HOW-MORE)
               DELIMITED BY SIZE INTO ONE-LINE
           CALL "TILL-SAY" USING "to go on" ONE-LINE
           MOVE SPACES TO HOW-MORE.
       SAY-ANOTHER-NUMBER.
           MOVE "--confirm" TO HOW-OPTION
           MOVE "ORDER.json --ref-first --ref ANOTHER-NUMBER"
               TO HOW-MORE
           PERFORM SAY-HOW-TO-GO-ON.
      *> What the operator has to do for the order, from its next.
       SAY-WHAT-IS-DUE.
           MOVE SPACES TO HOW-OPTION HOW-MORE
           EVALUATE ONE-NEXT
               WHEN "send_form"
                   MOVE "--form" TO HOW-OPTION
               WHEN "confirm"
               WHEN "fix_order"
                   MOVE "--confirm" TO HOW-OPTION
               WHEN "set_order_ref"
                   MOVE "--set-ref" TO HOW-OPTION
                   MOVE "NUMBER" TO HOW-MORE
               WHEN "choose_another_ref"
                   MOVE "--set-ref" TO HOW-OPTION
                   MOVE "ANOTHER-NUMBER" TO HOW-MORE
           END-EVALUATE
           IF HOW-OPTION NOT = SPACES
               PERFORM SAY-HOW-TO-GO-ON
           END-IF.
      *> A sale of the book in one line, and what is said of it.
       SAY-SALE.
           PERFORM BEGIN-LINE
           PERFORM ADD-SALE-TO-LINE
           STRING " " FUNCTION TRIM(A-VALUE) DELIMITED BY SIZE
               INTO ONE-LINE POINTER NEXT-BYTE
           CALL "TILL-SAY" USING HOW-OPTION ONE-LINE.
       BEGIN-LINE.
           MOVE SPACES TO ONE-LINE
           MOVE 1 TO NEXT-BYTE.
       ADD-SALE-TO-LINE.
           CALL "TILL-PRICE" USING BOOK-AMOUNT(PLACE-OF-SALE)
               BOOK-CURRENCY(PLACE-OF-SALE) PRICE
           STRING FUNCTION TRIM(BOOK-TICKET(PLACE-OF-SALE)) " "
               FUNCTION TRIM(PRICE) DELIMITED BY SIZE
               INTO ONE-LINE POINTER NEXT-BYTE.
       ADD-ORDER-TO-LINE.
           IF ONE-UUID = SPACES
               STRING "(its order URL has not come yet)"
                   DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
           ELSE
               STRING FUNCTION TRIM(ONE-UUID)
                   DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
           END-IF
           IF ONE-AMOUNT NOT = SPACES AND ONE-CURRENCY NOT = SPACES
               CALL "TILL-PRICE" USING ONE-AMOUNT ONE-CURRENCY PRICE
               STRING " " FUNCTION TRIM(PRICE)
                   DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
           END-IF.
       PRICE-OF-RESULT.
           PERFORM CENTS-OF-RESULT
           CALL "TILL-PRICE" USING CENTS SQ-CURRENCY PRICE.
       CENTS-OF-RESULT.
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/order/amount" CENTS.
       CUT-TO-UUID.
           MOVE FUNCTION LENGTH(FUNCTION TRIM(BARE-UUID)) TO AT-BYTE
           PERFORM UNTIL AT-BYTE = 0
               IF BARE-UUID(AT-BYTE:1) = "/"
                   MOVE BARE-UUID(AT-BYTE + 1:) TO SAVED-VALUE
                   MOVE SAVED-VALUE TO BARE-UUID
                   EXIT PERFORM
               END-IF
               SUBTRACT 1 FROM AT-BYTE
           END-PERFORM.

       CODE-OF-STATUS.
           EVALUATE TRUE
               WHEN SQ-OK
                   MOVE EXIT-DONE TO STATUS-CODE
               WHEN SQ-CALL-WAS-WRONG
                   MOVE EXIT-NOT-SENT TO STATUS-CODE
               WHEN SQ-SEQURA-SAID-NO
                   MOVE EXIT-REFUSED TO STATUS-CODE
               WHEN SQ-NO-FINAL-ANSWER
                   MOVE EXIT-NO-ANSWER TO STATUS-CODE
               WHEN OTHER
                   MOVE EXIT-MACHINE TO STATUS-CODE
           END-EVALUATE.

      *> ---- the command line --------------------------------------
       READ-COMMAND-LINE.
           ACCEPT ARGUMENT-COUNT FROM ARGUMENT-NUMBER
           MOVE 0 TO ARGUMENT-PLACE
           PERFORM NEXT-ARGUMENT
           MOVE ARGUMENT TO CONFIG-FILE
           IF ARGUMENT = SPACES OR ARGUMENT(1:1) = "-"
               MOVE "Y" TO USAGE-MISTAKE
           END-IF
           PERFORM UNTIL ARGUMENT-PLACE >= ARGUMENT-COUNT
               OR IS-MISTAKEN
               PERFORM NEXT-ARGUMENT
               EVALUATE ARGUMENT
                   WHEN "--yes"
                       MOVE "N" TO OPERATOR-IS-THERE
                   WHEN "--quick"
                       MOVE "Y" TO QUICK
                   WHEN "--ref-first"
                       MOVE "Y" TO REF-GOES-FIRST
                   WHEN "--recover"  WHEN "--pending"
                   WHEN "--form"     WHEN "--confirm"
                   WHEN "--set-ref"  WHEN "--abandon"
                   WHEN "--resolve"
                   WHEN "--ship"     WHEN "--refund"
                   WHEN "--cancel"   WHEN "--update"
                   WHEN "--info"     WHEN "--log"
                   WHEN "--dismiss"  WHEN "--reconcile"
                   WHEN "--report"   WHEN "--self-test"
                       PERFORM READ-ENTRY
                   WHEN "--amount"
                       PERFORM NEXT-ARGUMENT
                       MOVE ARGUMENT TO AMOUNT-WORD
                   WHEN "--reason"
                       PERFORM NEXT-ARGUMENT
                       MOVE ARGUMENT TO REASON
                   WHEN "--ref"
                       PERFORM NEXT-ARGUMENT
                       PERFORM READ-TICKET
                   WHEN "--product"
                       PERFORM NEXT-ARGUMENT
                       MOVE ARGUMENT TO PRODUCT
                   WHEN "--sales"
                       PERFORM NEXT-ARGUMENT
                       MOVE ARGUMENT TO BOOK-FILE
                   WHEN OTHER
                       PERFORM READ-WORD
               END-EVALUATE
           END-PERFORM
           IF ORDER-FILE = SPACES AND (TO-SELL OR REF-FIRST)
               MOVE "Y" TO USAGE-MISTAKE
           END-IF
           PERFORM CHECK-COMMAND-LINE.
       READ-ENTRY.
           IF NOT TO-SELL
               MOVE "Y" TO USAGE-MISTAKE
           END-IF
           MOVE ARGUMENT TO WHAT-TO-DO
           IF NAMES-A-SALE
               PERFORM NEXT-ARGUMENT
               MOVE ARGUMENT TO SALE-NAMED
           END-IF
           IF NAMES-BY-URL
               MOVE SALE-NAMED TO URL
           END-IF
           IF NAMES-TWO
               PERFORM NEXT-ARGUMENT
               MOVE ARGUMENT TO MORE-NAMED
           END-IF
           IF TO-SET-REF
               PERFORM READ-TICKET
           END-IF.
       READ-WORD.
           EVALUATE TRUE
               WHEN ARGUMENT(1:1) = "-"
                   MOVE "Y" TO USAGE-MISTAKE
               WHEN MAY-HAVE-WORDS AND WORD-COUNT < 100
                   ADD 1 TO WORD-COUNT
                   MOVE ARGUMENT TO WORD(WORD-COUNT)
               WHEN ORDER-FILE = SPACES
                   MOVE ARGUMENT TO ORDER-FILE
               WHEN OTHER
                   MOVE "Y" TO USAGE-MISTAKE
           END-EVALUATE.
      *> Whether what was given goes with what is to be done.
       CHECK-COMMAND-LINE.
           IF NOT NO-AMOUNT
               MOVE AMOUNT-WORD TO ARGUMENT
               PERFORM CHECK-NUMBER
               IF NOT TO-REFUND OR WORD-COUNT > 0 OR NOT IS-NUMBER
                   MOVE "Y" TO USAGE-MISTAKE
               END-IF
           END-IF
           IF NOT NO-REASON AND NOT TO-CANCEL AND NOT TO-RESOLVE
               AND (NOT TO-REFUND OR NO-AMOUNT)
               MOVE "Y" TO USAGE-MISTAKE
           END-IF
           IF NO-REASON AND TO-RESOLVE
               MOVE "Y" TO USAGE-MISTAKE
           END-IF
           IF TO-DISMISS
               MOVE SALE-NAMED TO ARGUMENT
               PERFORM CHECK-NUMBER
               IF NOT IS-NUMBER
                   MOVE "Y" TO USAGE-MISTAKE
               END-IF
           END-IF
           IF TO-SHOW-LOG
               IF WORD-COUNT > 1
                   MOVE "Y" TO USAGE-MISTAKE
               END-IF
           ELSE
               PERFORM CHECK-ITEM VARYING PLACE FROM 1 BY 1
                   UNTIL PLACE > WORD-COUNT
           END-IF.
      *> "CAS-07", or "CAS-07=1".
       CHECK-ITEM.
           PERFORM FIND-EQUALS
           IF EQUALS-AT = 1
               MOVE "Y" TO USAGE-MISTAKE
           END-IF
           IF EQUALS-AT > 1
               MOVE WORD(PLACE)(EQUALS-AT + 1:) TO ARGUMENT
               PERFORM CHECK-NUMBER
               IF NOT IS-NUMBER
                   MOVE "Y" TO USAGE-MISTAKE
               END-IF
           END-IF.
      *> The last one, or 0.
       FIND-EQUALS.
           PERFORM VARYING EQUALS-AT FROM 199 BY -1
               UNTIL EQUALS-AT = 0
               IF WORD(PLACE)(EQUALS-AT:1) = "="
                   EXIT PERFORM
               END-IF
           END-PERFORM.
      *> Digits, at most nine.
       CHECK-NUMBER.
           MOVE "N" TO WORD-IS-NUMBER
           MOVE FUNCTION LENGTH(FUNCTION TRIM(ARGUMENT)) TO AT-BYTE
           IF AT-BYTE < 10 AND ARGUMENT(1:AT-BYTE) IS NUMERIC
               MOVE "Y" TO WORD-IS-NUMBER
               COMPUTE NUMBER-GIVEN = FUNCTION NUMVAL(ARGUMENT)
           END-IF.
       NEXT-ARGUMENT.
           MOVE SPACES TO ARGUMENT
           IF ARGUMENT-PLACE < ARGUMENT-COUNT
               ADD 1 TO ARGUMENT-PLACE
               DISPLAY ARGUMENT-PLACE UPON ARGUMENT-NUMBER
               ACCEPT ARGUMENT FROM ARGUMENT-VALUE
           ELSE
               MOVE "Y" TO USAGE-MISTAKE
           END-IF.
       READ-TICKET.
           PERFORM CHECK-TICKET
           IF IS-TICKET
               MOVE ARGUMENT TO TICKET
           ELSE
               MOVE "Y" TO USAGE-MISTAKE
           END-IF.
       SHOW-USAGE.
           DISPLAY "usage: till CONFIG ORDER.json            sell it"
               UPON SYSERR
           DISPLAY "       till CONFIG --recover             finish "
               "what was left" UPON SYSERR
           DISPLAY "       till CONFIG --pending             what "
               "is unfinished" UPON SYSERR
           DISPLAY "       till CONFIG [ORDER.json] --form ORDER-URL"
               UPON SYSERR
           DISPLAY "                                         go on "
               "with the form" UPON SYSERR
           DISPLAY "       till CONFIG [ORDER.json] --confirm ORDER-URL"
               UPON SYSERR
           DISPLAY "                                         go on "
               "with the confirmation" UPON SYSERR
           DISPLAY "       till CONFIG --set-ref ORDER-URL NUMBER"
               UPON SYSERR
           DISPLAY "                                         go on "
               "with the reference" UPON SYSERR
           DISPLAY "       till CONFIG --abandon ORDER-URL   the "
               "shopper left: give it up" UPON SYSERR
           DISPLAY "       till CONFIG --resolve ORDER-URL OUTCOME "
               "--reason TEXT" UPON SYSERR
           DISPLAY "              seQura's portal says: confirmed, or "
               "not_confirmed" UPON SYSERR
           DISPLAY "after the sale, which NUMBER names:" UPON SYSERR
           DISPLAY "       till CONFIG --ship NUMBER [ITEM[=QUANTITY]"
               " ...]     goods went out" UPON SYSERR
           DISPLAY "       till CONFIG --refund NUMBER [ITEM[=QUANTITY"
               "] ...]   goods came back" UPON SYSERR
           DISPLAY "       till CONFIG --refund NUMBER --amount CENTS "
               "[--reason TEXT]" UPON SYSERR
           DISPLAY "       till CONFIG --cancel NUMBER [--reason TEXT]"
               UPON SYSERR
           DISPLAY "       till CONFIG --update NUMBER CHANGES.json"
               UPON SYSERR
           DISPLAY "       till CONFIG --info NUMBER         where the"
               " sale stands" UPON SYSERR
           DISPLAY "       till CONFIG --log [NUMBER]        what was "
               "asked of seQura" UPON SYSERR
           DISPLAY "       till CONFIG --dismiss ENTRY       an entry "
               "of the log is seen to" UPON SYSERR
           DISPLAY "       till CONFIG --reconcile           the sales"
               " against seQura's payouts" UPON SYSERR
           DISPLAY "       till CONFIG --report              what was "
               "shipped since the last one" UPON SYSERR
           DISPLAY "       till CONFIG --self-test           does all "
               "work on this machine?" UPON SYSERR
           DISPLAY "options:" UPON SYSERR
           DISPLAY "  --ref NUMBER     the ticket number (default: "
               "made of the time)" UPON SYSERR
           DISPLAY "  --ref-first      send it with the order, "
               "which settles it at once" UPON SYSERR
           DISPLAY "  --product CODE   seQura's product for the "
               "form (default: pp3)" UPON SYSERR
           DISPLAY "  --sales FILE     the till's own book "
               "(default: sales.txt)" UPON SYSERR
           DISPLAY "  --yes            do not ask: the shopper is "
               "approved" UPON SYSERR
           DISPLAY "  --quick          without looking at the "
               "account first" UPON SYSERR
           DISPLAY "exit status: 0 done; 1 usage or a file; 2 "
               "nothing sent; 3 refused;" UPON SYSERR
           DISPLAY "  4 no answer, ask again; 5 this machine; 6 "
               "confirmed without its" UPON SYSERR
           DISPLAY "  reference; 7 not approved yet" UPON SYSERR.
       END PROGRAM TILL.
