      *> The till's own database, as small as one can be: a text file to
      *> which one line is added for each step of a sale. The last line
      *> of a sale is what it has come to:
      *>
      *>   started     R-100  38290 EUR  2025-03-01T17:20:03  http://...
      *>   completed   R-100  38290 EUR  2025-03-01T17:24:41  http://...
      *>   registered  R-100  38290 EUR  2025-03-01T17:24:42  http://...
      *>
      *> A real till has a file of its own for this. What matters is
      *> when it is written, see till.cob.
      *>
      *>----------------------------------------------------------------
      *> CALL "BOOK-ADD" USING file state ticket amount currency url
      *>     done
      *>
      *> Adds a line, and has it on the disk before it returns; done is
      *> "N" if it has not. COBOL's own WRITE hands data to the system
      *> and no further.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "BOOK-ADD".
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  FILE-DETAILS.
           05  FILE-SIZE                PIC X(8) COMP-X.
           05  FILLER                   PIC X(8).
       01  FILE-HANDLE                  PIC X(4).
       01  FILE-DESCRIPTOR REDEFINES FILE-HANDLE BINARY-LONG.
       01  MODE-READ-WRITE              PIC X COMP-X VALUE 3.
       01  NO-LOCK                      PIC X COMP-X VALUE 0.
       01  NO-DEVICE                    PIC X COMP-X VALUE 0.
       01  FILE-OFFSET                  PIC X(8) COMP-X.
       01  BYTE-COUNT                   PIC X(4) COMP-X.
       01  NO-FLAGS                     PIC X COMP-X VALUE 0.
       01  LAST-BYTE                    PIC X.
       01  BOOK-LINE                    PIC X(800).
       01  NEXT-BYTE                    BINARY-LONG.
       01  STATE-SHOWN                  PIC X(10).
       01  NOW                          PIC X(21).
       01  SYNCED                       BINARY-LONG.
       LINKAGE SECTION.
       01  FILE-NAME                    PIC X ANY LENGTH.
       01  SALE-STATE                   PIC X ANY LENGTH.
       01  TICKET                       PIC X ANY LENGTH.
       01  AMOUNT                       PIC X ANY LENGTH.
       01  CURRENCY-CODE                PIC X ANY LENGTH.
       01  URL                          PIC X ANY LENGTH.
       01  DONE                         PIC X.
       PROCEDURE DIVISION USING FILE-NAME SALE-STATE TICKET AMOUNT
           CURRENCY-CODE URL DONE.
           MOVE "N" TO DONE
           MOVE 0 TO FILE-SIZE
           CALL "CBL_CHECK_FILE_EXIST" USING FILE-NAME FILE-DETAILS
           IF RETURN-CODE = 0
               CALL "CBL_OPEN_FILE" USING FILE-NAME MODE-READ-WRITE
                   NO-LOCK NO-DEVICE FILE-HANDLE
           ELSE
               MOVE 0 TO FILE-SIZE
               CALL "CBL_CREATE_FILE" USING FILE-NAME MODE-READ-WRITE
                   NO-LOCK NO-DEVICE FILE-HANDLE
           END-IF
           IF RETURN-CODE NOT = 0
               MOVE 0 TO RETURN-CODE
               GOBACK
           END-IF
           PERFORM MAKE-LINE
           MOVE FILE-SIZE TO FILE-OFFSET
           COMPUTE BYTE-COUNT = NEXT-BYTE - 1
           CALL "CBL_WRITE_FILE" USING FILE-HANDLE FILE-OFFSET
               BYTE-COUNT NO-FLAGS BOOK-LINE
           IF RETURN-CODE = 0
               CALL "fsync" USING BY VALUE FILE-DESCRIPTOR
                   RETURNING SYNCED
               IF SYNCED = 0
                   MOVE "Y" TO DONE
               END-IF
           END-IF
           CALL "CBL_CLOSE_FILE" USING FILE-HANDLE
           MOVE 0 TO RETURN-CODE
           GOBACK.
       MAKE-LINE.
           MOVE 1 TO NEXT-BYTE
      *>   A till that lost its power in the middle of a line leaves
      *>   half a line, which must not run into this one.
           IF FILE-SIZE > 0
               CALL "BOOK-LAST-BYTE" USING FILE-HANDLE FILE-SIZE
                   LAST-BYTE
               IF LAST-BYTE NOT = X"0A"
                   STRING X"0A" DELIMITED BY SIZE
                       INTO BOOK-LINE POINTER NEXT-BYTE
               END-IF
           END-IF
           MOVE SALE-STATE TO STATE-SHOWN
           MOVE FUNCTION CURRENT-DATE TO NOW
           STRING STATE-SHOWN "  " FUNCTION TRIM(TICKET) "  "
               FUNCTION TRIM(AMOUNT) " " FUNCTION TRIM(CURRENCY-CODE)
               "  " NOW(1:4) "-" NOW(5:2) "-" NOW(7:2) "T" NOW(9:2) ":"
               NOW(11:2) ":" NOW(13:2) "  " FUNCTION TRIM(URL) X"0A"
               DELIMITED BY SIZE INTO BOOK-LINE POINTER NEXT-BYTE.
       END PROGRAM "BOOK-ADD".
      *>
      *>----------------------------------------------------------------
      *> The last byte of an open file of this size.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "BOOK-LAST-BYTE".
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  FILE-OFFSET                  PIC X(8) COMP-X.
       01  BYTE-COUNT                   PIC X(4) COMP-X VALUE 1.
       01  NO-FLAGS                     PIC X COMP-X VALUE 0.
       LINKAGE SECTION.
       01  FILE-HANDLE                  PIC X(4).
       01  FILE-SIZE                    PIC X(8) COMP-X.
       01  LAST-BYTE                    PIC X.
       PROCEDURE DIVISION USING FILE-HANDLE FILE-SIZE LAST-BYTE.
           MOVE SPACE TO LAST-BYTE
           COMPUTE FILE-OFFSET = FILE-SIZE - 1
           CALL "CBL_READ_FILE" USING FILE-HANDLE FILE-OFFSET
               BYTE-COUNT NO-FLAGS LAST-BYTE
           GOBACK.
       END PROGRAM "BOOK-LAST-BYTE".
      *>
      *>----------------------------------------------------------------
      *> CALL "BOOK-READ" USING file BOOK-SALES done
      *>
      *> A file that is not there is an empty book.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "BOOK-READ".
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT BOOK ASSIGN TO BOOK-NAME
               ORGANIZATION LINE SEQUENTIAL
               FILE STATUS BOOK-FILE-STATUS.
       DATA DIVISION.
       FILE SECTION.
       FD  BOOK.
       01  BOOK-LINE                    PIC X(800).
       WORKING-STORAGE SECTION.
       01  BOOK-NAME                    PIC X(400).
       01  BOOK-FILE-STATUS             PIC XX.
       01  WORD-COUNT                   BINARY-LONG.
       01  WORD-1                       PIC X(12).
       01  WORD-2                       PIC X(100).
       01  WORD-3                       PIC X(20).
       01  WORD-4                       PIC X(3).
       01  WORD-5                       PIC X(19).
       01  WORD-6                       PIC X(500).
       01  PLACE                        BINARY-LONG.
       01  FILE-DETAILS.
           05  FILE-SIZE                PIC X(8) COMP-X.
           05  FILLER                   PIC X(8).
       01  FILE-HANDLE                  PIC X(4).
       01  MODE-READ                    PIC X COMP-X VALUE 1.
       01  NO-LOCK                      PIC X COMP-X VALUE 0.
       01  NO-DEVICE                    PIC X COMP-X VALUE 0.
       01  LAST-BYTE                    PIC X.
       01  WHOLE-LINE                   PIC X(800).
       LINKAGE SECTION.
       01  FILE-NAME                    PIC X ANY LENGTH.
       COPY "tillbook.cpy".
       01  DONE                         PIC X.
       PROCEDURE DIVISION USING FILE-NAME BOOK-SALES DONE.
           MOVE 0 TO BOOK-COUNT
           MOVE "Y" TO DONE
           MOVE FILE-NAME TO BOOK-NAME
           CALL "CBL_CHECK_FILE_EXIST" USING BOOK-NAME FILE-DETAILS
           IF RETURN-CODE NOT = 0
               MOVE 0 TO RETURN-CODE
               GOBACK
           END-IF
           MOVE X"0A" TO LAST-BYTE
           IF FILE-SIZE > 0
               CALL "CBL_OPEN_FILE" USING BOOK-NAME MODE-READ NO-LOCK
                   NO-DEVICE FILE-HANDLE
               CALL "BOOK-LAST-BYTE" USING FILE-HANDLE FILE-SIZE
                   LAST-BYTE
               CALL "CBL_CLOSE_FILE" USING FILE-HANDLE
               MOVE 0 TO RETURN-CODE
           END-IF
           OPEN INPUT BOOK
           IF BOOK-FILE-STATUS NOT = "00"
               MOVE "N" TO DONE
               GOBACK
           END-IF
           READ BOOK
           PERFORM UNTIL BOOK-FILE-STATUS NOT = "00"
               MOVE BOOK-LINE TO WHOLE-LINE
               READ BOOK
      *>       Half a line, after a power cut, is passed over.
               IF BOOK-FILE-STATUS = "00" OR LAST-BYTE = X"0A"
                   PERFORM KEEP-LINE
               END-IF
           END-PERFORM
           IF BOOK-FILE-STATUS NOT = "10"
               MOVE "N" TO DONE
           END-IF
           CLOSE BOOK
           GOBACK.
       KEEP-LINE.
           MOVE 0 TO WORD-COUNT
           MOVE SPACES TO WORD-6
           UNSTRING WHOLE-LINE DELIMITED BY ALL SPACES
               INTO WORD-1 WORD-2 WORD-3 WORD-4 WORD-5 WORD-6
               TALLYING IN WORD-COUNT
           IF WORD-COUNT = 6 AND WORD-6 NOT = SPACES
               PERFORM VARYING PLACE FROM 1 BY 1
                   UNTIL PLACE > BOOK-COUNT
                   IF BOOK-URL(PLACE) = WORD-6
                       EXIT PERFORM
                   END-IF
               END-PERFORM
               IF PLACE > 5000
                   MOVE "N" TO DONE
               ELSE
                   IF PLACE > BOOK-COUNT
                       MOVE PLACE TO BOOK-COUNT
                   END-IF
                   MOVE WORD-1 TO BOOK-STATE(PLACE)
                   MOVE WORD-2 TO BOOK-TICKET(PLACE)
                   MOVE WORD-3 TO BOOK-AMOUNT(PLACE)
                   MOVE WORD-4 TO BOOK-CURRENCY(PLACE)
                   MOVE WORD-5 TO BOOK-TIME(PLACE)
                   MOVE WORD-6 TO BOOK-URL(PLACE)
               END-IF
           END-IF.
       END PROGRAM "BOOK-READ".
