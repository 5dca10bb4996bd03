      *> first_sale CONFIG ORDER.json TICKET: what an earlier run was
      *> killed in, and then one sale, from the solicitation to the
      *> reference. Run again with the same ticket number, it goes on
      *> where it stopped.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. FIRST-SALE.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT ORDER-FILE ASSIGN TO ORDER-NAME
               ORGANIZATION LINE SEQUENTIAL FILE STATUS FILE-STATUS.
           SELECT OPTIONAL BOOK ASSIGN TO "sales.txt"
               ORGANIZATION LINE SEQUENTIAL FILE STATUS FILE-STATUS.
       DATA DIVISION.
       FILE SECTION.
       FD  ORDER-FILE.
       01  ORDER-LINE                   PIC X(30000).
      *> A real till has an indexed file for this. The last line of a
      *> ticket number is the one that counts.
       FD  BOOK.
       01  BOOK-LINE.
           05  BOOK-URL                 PIC X(400).
           05  BOOK-TICKET              PIC X(40).
       WORKING-STORAGE SECTION.
      *> What a call came to; what recovery lists.
       COPY "sequra.cpy".
       COPY "sequra.cpy" REPLACING LEADING ==SQ-== BY ==ALL-==.
       01  TILL                         USAGE POINTER.
       01  CONFIG-FILE                  PIC X(400).
       01  ORDER-NAME                   PIC X(400).
       01  ORDER-JSON                   PIC X(30000) VALUE SPACES.
       01  NEXT-BYTE                    BINARY-LONG VALUE 1.
       01  FILE-STATUS                  PIC XX.
       01  ORDER-URL                    PIC X(400).
       01  TICKET                       PIC X(40).
       01  WANTED                       PIC X(400).
       01  FOUND                        PIC X(400).
       01  I                            BINARY-LONG.
       01  PLACE                        PIC Z(8)9.
       01  IN-ALL                       PIC X(60).
       01  FIELD                        PIC X(4000).
       01  STATE-BEFORE                 PIC X(32).
       01  DUE                          PIC X(32).
       PROCEDURE DIVISION.
           ACCEPT I FROM ARGUMENT-NUMBER
           IF I NOT = 3
               DISPLAY "usage: first_sale CONFIG ORDER.json TICKET"
                   UPON SYSERR
               STOP RUN RETURNING 1
           END-IF
           ACCEPT CONFIG-FILE FROM ARGUMENT-VALUE
           CALL "SQ-CLIENT-OPEN-FILE" USING CONFIG-FILE TILL SQ-RESULT
           PERFORM CHECK-IT
           PERFORM RECOVER-ALL
           ACCEPT ORDER-NAME FROM ARGUMENT-VALUE
           ACCEPT TICKET FROM ARGUMENT-VALUE
           PERFORM READ-ORDER
           PERFORM SELL
           DISPLAY FUNCTION TRIM(SQ-OPERATOR-MESSAGE)
      *>   Only now hand over the goods.
           IF NOT SQ-STATE-SETTLED
               STOP RUN RETURNING 1
           END-IF
           STOP RUN.
       SELL.
           MOVE TICKET TO WANTED
           PERFORM FIND-IN-BOOK
           MOVE FOUND TO ORDER-URL
           IF ORDER-URL NOT = SPACES
               CALL "SQ-RECOVER" USING TILL ORDER-URL SQ-RESULT
               PERFORM CHECK-IT
           END-IF
           IF ORDER-URL NOT = SPACES AND SQ-NEXT-RESTART-CHECKOUT
      *>       seQura has said no to that basket.
               CALL "SQ-ABANDON" USING TILL ORDER-URL SQ-RESULT
               PERFORM CHECK-IT
               MOVE SPACES TO ORDER-URL
           END-IF
           IF ORDER-URL = SPACES
               CALL "SQ-START-SOLICITATION" USING TILL ORDER-JSON
                   SQ-RESULT
               PERFORM CHECK-IT
               MOVE SQ-ORDER-URL TO ORDER-URL
      *>       Before anything reaches the shopper.
               PERFORM WRITE-INTO-BOOK
           END-IF
           IF SQ-NEXT-SEND-FORM
      *>       An SMS to the shopper.
               CALL "SQ-SEND-FORM" USING TILL ORDER-URL "pp3" OMITTED
                   SQ-RESULT
               PERFORM CHECK-IT
           END-IF
           IF SQ-NEXT-CONFIRM
               DISPLAY "Approved on the shopper's phone?"
                   " Then press Enter."
               ACCEPT OMITTED
      *>       The order as it is now.
               CALL "SQ-CONFIRM" USING TILL ORDER-URL ORDER-JSON
                   SQ-RESULT
               PERFORM CHECK-IT
           END-IF
           PERFORM COMPLETE-SALE
           PERFORM CHECK-IT.
      *> What seQura has confirmed is completed, and seQura is told its
      *> ticket number.
       COMPLETE-SALE.
           IF SQ-STATE-CONFIRMED OR SQ-STATE-SETTLED
               DISPLAY FUNCTION TRIM(TICKET)
                   " is completed in the till's own books."
           END-IF
           IF SQ-NEXT-SET-ORDER-REF
               CALL "SQ-SET-ORDER-REF" USING TILL ORDER-URL TICKET
                   OMITTED SQ-RESULT
           END-IF.
      *> Where seQura is out of reach, the rest keeps, and stops no
      *> other sale.
       RECOVER-ALL.
           CALL "SQ-RECOVER" USING TILL OMITTED ALL-RESULT
           IF NOT ALL-OK
               DISPLAY FUNCTION TRIM(ALL-OPERATOR-MESSAGE)
           END-IF
           PERFORM VARYING I FROM 0 BY 1 UNTIL ALL-NOT-THERE
               PERFORM SAY-ORDER
               IF NOT ALL-NOT-THERE
                   PERFORM FINISH-ORDER
               END-IF
           END-PERFORM
      *>   Now for somebody.
           CALL "SQ-PENDING" USING TILL ALL-RESULT
           PERFORM VARYING I FROM 0 BY 1 UNTIL ALL-NOT-THERE
               PERFORM SAY-ORDER
           END-PERFORM.
       GET-FIELD.
           MOVE I TO PLACE
           MOVE SPACES TO IN-ALL
           STRING "/data/orders/" FUNCTION TRIM(PLACE) WANTED
               DELIMITED BY SIZE INTO IN-ALL
           CALL "SQ-BUFFER-GET" USING ALL-RESULT IN-ALL FIELD.
      *> What became of an order that was unfinished; why, as JSON,
      *> where it was refused or not answered.
       SAY-ORDER.
           MOVE "/was" TO WANTED
           PERFORM GET-FIELD
           MOVE FIELD TO STATE-BEFORE
           MOVE "/errors" TO WANTED
           PERFORM GET-FIELD
           PERFORM SHOW-PROBLEMS
           MOVE "/next" TO WANTED
           PERFORM GET-FIELD
           MOVE FIELD TO DUE
           MOVE "/url" TO WANTED
           PERFORM GET-FIELD
           MOVE FIELD TO ORDER-URL WANTED
           PERFORM FIND-IN-BOOK
           MOVE FOUND TO TICKET
           MOVE "/state" TO WANTED
           PERFORM GET-FIELD
           IF FOUND = SPACES
               MOVE ORDER-URL TO FOUND
           END-IF
           IF NOT ALL-NOT-THERE
               DISPLAY FUNCTION TRIM(FOUND) ": " NO ADVANCING
               IF STATE-BEFORE NOT = SPACES
                   DISPLAY FUNCTION TRIM(STATE-BEFORE) ", now "
                       NO ADVANCING
               END-IF
               DISPLAY FUNCTION TRIM(FIELD) "; next: "
                   FUNCTION TRIM(DUE)
           END-IF.
      *> Finishes it, where nobody has to be asked.
       FINISH-ORDER.
           IF TICKET NOT = SPACES
               CALL "SQ-ORDER-INFO" USING TILL ORDER-URL SQ-RESULT
               PERFORM COMPLETE-SALE
               DISPLAY FUNCTION TRIM(SQ-OPERATOR-MESSAGE)
      *>   Nobody has its form: the basket is sold anew.
           ELSE IF STATE-BEFORE = "soliciting" AND FIELD = "solicited"
               CALL "SQ-ABANDON" USING TILL ORDER-URL SQ-RESULT
           END-IF.
      *> Not sold, or not yet: keep the goods.
       CHECK-IT.
           IF NOT SQ-OK
               DISPLAY FUNCTION TRIM(SQ-OPERATOR-MESSAGE)
               DISPLAY FUNCTION TRIM(SQ-STATUS-NAME) UPON SYSERR
               CALL "SQ-BUFFER-GET" USING SQ-RESULT "/errors" FIELD
               PERFORM SHOW-PROBLEMS
               STOP RUN RETURNING 1
           END-IF.
      *> As JSON: each with its place in the order or configuration.
       SHOW-PROBLEMS.
           IF FIELD NOT = "[]" AND FIELD NOT = SPACES
               DISPLAY FUNCTION TRIM(FIELD) UPON SYSERR
           END-IF.
       WRITE-INTO-BOOK.
           OPEN EXTEND BOOK
           MOVE ORDER-URL TO BOOK-URL
           MOVE TICKET TO BOOK-TICKET
           WRITE BOOK-LINE
           MOVE "sales.txt" TO WANTED
           PERFORM CHECK-FILE
           CLOSE BOOK.
      *> The URL of a ticket number, the ticket number of a URL.
       FIND-IN-BOOK.
           MOVE SPACES TO FOUND
           OPEN INPUT BOOK
           PERFORM UNTIL FILE-STATUS = "10" OR FILE-STATUS > "29"
               READ BOOK NOT AT END
                   IF BOOK-TICKET = WANTED
                       MOVE BOOK-URL TO FOUND
                   END-IF
                   IF BOOK-URL = WANTED
                       MOVE BOOK-TICKET TO FOUND
                   END-IF
               END-READ
           END-PERFORM
           CLOSE BOOK.
       READ-ORDER.
           OPEN INPUT ORDER-FILE
           MOVE ORDER-NAME TO WANTED
           PERFORM CHECK-FILE
           PERFORM UNTIL FILE-STATUS NOT = "00"
               READ ORDER-FILE NOT AT END
                   STRING FUNCTION TRIM(ORDER-LINE) DELIMITED BY SIZE
                       INTO ORDER-JSON POINTER NEXT-BYTE
               END-READ
           END-PERFORM
           CLOSE ORDER-FILE.
       CHECK-FILE.
           IF FILE-STATUS > "09"
               DISPLAY "cannot use " FUNCTION TRIM(WANTED) UPON SYSERR
               STOP RUN RETURNING 1
           END-IF.
