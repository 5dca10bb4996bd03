      *> What the till shows, and how it reads results.
      *>
      *>----------------------------------------------------------------
      *> CALL "TILL-SAY" USING label text
      *>
      *> "label   text", broken at blanks into lines of 100 columns.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "TILL-SAY".
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       78  COLUMNS-OF-A-LINE            VALUE 100.
       78  INDENT                       VALUE 14.
       01  OUT-LINE                     PIC X(400).
       01  OUT-BYTES                    BINARY-LONG.
       01  OUT-COLUMN                   BINARY-LONG.
       01  TEXT-BYTES                   BINARY-LONG.
       01  AT-BYTE                      BINARY-LONG.
       01  WORD                         PIC X(400).
       01  WORD-BYTES                   BINARY-LONG.
       01  WORD-COLUMNS                 BINARY-LONG.
       LINKAGE SECTION.
       01  SAY-LABEL                    PIC X ANY LENGTH.
       01  SAY-TEXT                     PIC X ANY LENGTH.
       PROCEDURE DIVISION USING SAY-LABEL SAY-TEXT.
           MOVE SPACES TO OUT-LINE
           MOVE SAY-LABEL TO OUT-LINE(3:12)
           MOVE INDENT TO OUT-BYTES OUT-COLUMN
           MOVE FUNCTION LENGTH(SAY-TEXT) TO TEXT-BYTES
           MOVE 0 TO WORD-BYTES WORD-COLUMNS
           PERFORM VARYING AT-BYTE FROM 1 BY 1
               UNTIL AT-BYTE > TEXT-BYTES
               IF SAY-TEXT(AT-BYTE:1) = SPACE OR X"0A" OR X"00"
                   PERFORM END-WORD
               ELSE
                   ADD 1 TO WORD-BYTES
                   MOVE SAY-TEXT(AT-BYTE:1) TO WORD(WORD-BYTES:1)
      *>           A byte that continues a letter of UTF-8 takes no
      *>           column of its own.
                   IF SAY-TEXT(AT-BYTE:1) < X"80"
                       OR SAY-TEXT(AT-BYTE:1) > X"BF"
                       ADD 1 TO WORD-COLUMNS
                   END-IF
                   IF WORD-BYTES = 250
                       PERFORM END-WORD
                   END-IF
               END-IF
           END-PERFORM
           PERFORM END-WORD
           PERFORM END-LINE
           GOBACK.
       END-WORD.
           IF WORD-BYTES > 0
               IF OUT-COLUMN > INDENT
                   IF OUT-COLUMN + 1 + WORD-COLUMNS
                       > COLUMNS-OF-A-LINE
                       PERFORM END-LINE
                   ELSE
                       ADD 1 TO OUT-BYTES OUT-COLUMN
                   END-IF
               END-IF
               MOVE WORD(1:WORD-BYTES)
                   TO OUT-LINE(OUT-BYTES + 1:WORD-BYTES)
               ADD WORD-BYTES TO OUT-BYTES
               ADD WORD-COLUMNS TO OUT-COLUMN
               MOVE 0 TO WORD-BYTES WORD-COLUMNS
           END-IF.
       END-LINE.
           DISPLAY OUT-LINE(1:OUT-BYTES)
           MOVE SPACES TO OUT-LINE
           MOVE INDENT TO OUT-BYTES OUT-COLUMN.
       END PROGRAM "TILL-SAY".
      *>
      *>----------------------------------------------------------------
      *> CALL "TILL-PRICE" USING cents currency price
      *>
      *> Cents in decimal as people write them: "38290" is "382,90 EUR".
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "TILL-PRICE".
       ENVIRONMENT DIVISION.
       CONFIGURATION SECTION.
       SPECIAL-NAMES.
           DECIMAL-POINT IS COMMA.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  EDITED                       PIC --.---.---.---.--9,99.
       LINKAGE SECTION.
       01  CENTS                        PIC X ANY LENGTH.
       01  CURRENCY-CODE                PIC X ANY LENGTH.
       01  PRICE                        PIC X ANY LENGTH.
       PROCEDURE DIVISION USING CENTS CURRENCY-CODE PRICE.
           MOVE SPACES TO PRICE
           IF FUNCTION TEST-NUMVAL(CENTS) = 0
               COMPUTE EDITED = FUNCTION NUMVAL(CENTS) / 100
               STRING FUNCTION TRIM(EDITED) " "
                   FUNCTION TRIM(CURRENCY-CODE)
                   DELIMITED BY SIZE INTO PRICE
           ELSE
               STRING FUNCTION TRIM(CENTS) " "
                   FUNCTION TRIM(CURRENCY-CODE)
                   DELIMITED BY SIZE INTO PRICE
           END-IF
           GOBACK.
       END PROGRAM "TILL-PRICE".
      *>
      *>----------------------------------------------------------------
      *> CALL "TILL-VALUE" USING SQ-RESULT list place member value
      *>
      *> One value of a list: "/errors/" 0 "/code". Blank where there is
      *> none, or null.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "TILL-VALUE".
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  PLACE-SHOWN                  PIC Z(8)9.
       01  JSON-POINTER                 PIC X(200).
       LINKAGE SECTION.
       COPY "sequra.cpy".
       01  LIST-NAME                    PIC X ANY LENGTH.
       01  PLACE                        BINARY-LONG.
       01  MEMBER                       PIC X ANY LENGTH.
       01  FOUND-VALUE                  PIC X ANY LENGTH.
       PROCEDURE DIVISION USING SQ-RESULT LIST-NAME PLACE MEMBER
           FOUND-VALUE.
           MOVE PLACE TO PLACE-SHOWN
           MOVE SPACES TO JSON-POINTER
           STRING LIST-NAME FUNCTION TRIM(PLACE-SHOWN) MEMBER
               DELIMITED BY SIZE INTO JSON-POINTER
           CALL "SQ-BUFFER-GET" USING SQ-RESULT JSON-POINTER
               FOUND-VALUE
           IF FOUND-VALUE = "null"
               MOVE SPACES TO FOUND-VALUE
           END-IF
           GOBACK.
       END PROGRAM "TILL-VALUE".
      *>
      *>----------------------------------------------------------------
      *> CALL "TILL-SHOW-LIST" USING SQ-RESULT list label
      *>
      *> Shows "/errors/" or "/warnings/".
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "TILL-SHOW-LIST".
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  PLACE                        BINARY-LONG.
       01  PROBLEM-CODE                 PIC X(40).
       01  PROBLEM-PLACE                PIC X(300).
       01  PROBLEM-MESSAGE              PIC X(4000).
       01  ONE-LINE                     PIC X(5000).
       01  NEXT-BYTE                    BINARY-LONG.
       LINKAGE SECTION.
       COPY "sequra.cpy".
       01  LIST-NAME                    PIC X ANY LENGTH.
       01  LIST-LABEL                   PIC X ANY LENGTH.
       PROCEDURE DIVISION USING SQ-RESULT LIST-NAME LIST-LABEL.
           MOVE 0 TO PLACE
           PERFORM GET-PROBLEM
           PERFORM UNTIL PROBLEM-CODE = SPACES
               MOVE SPACES TO ONE-LINE
               MOVE 1 TO NEXT-BYTE
               STRING FUNCTION TRIM(PROBLEM-CODE)
                   DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
               IF PROBLEM-PLACE NOT = SPACES
                   STRING " at " FUNCTION TRIM(PROBLEM-PLACE)
                       DELIMITED BY SIZE INTO ONE-LINE
                       POINTER NEXT-BYTE
               END-IF
               STRING ": " FUNCTION TRIM(PROBLEM-MESSAGE)
                   DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
               CALL "TILL-SAY" USING LIST-LABEL ONE-LINE
               ADD 1 TO PLACE
               PERFORM GET-PROBLEM
           END-PERFORM
           GOBACK.
       GET-PROBLEM.
           CALL "TILL-VALUE" USING SQ-RESULT LIST-NAME PLACE "/code"
               PROBLEM-CODE
           CALL "TILL-VALUE" USING SQ-RESULT LIST-NAME PLACE "/pointer"
               PROBLEM-PLACE
           CALL "TILL-VALUE" USING SQ-RESULT LIST-NAME PLACE "/message"
               PROBLEM-MESSAGE.
       END PROGRAM "TILL-SHOW-LIST".
      *>
      *>----------------------------------------------------------------
      *> CALL "TILL-SHOW" USING label SQ-RESULT
      *>
      *> What came of a call: to the technician in a line, to the
      *> operator in the till's language.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "TILL-SHOW".
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  HTTP-STATUS                  PIC X(4).
       01  ONE-LINE                     PIC X(200).
       01  NEXT-BYTE                    BINARY-LONG.
       LINKAGE SECTION.
       01  SHOW-LABEL                   PIC X ANY LENGTH.
       COPY "sequra.cpy".
       PROCEDURE DIVISION USING SHOW-LABEL SQ-RESULT.
           MOVE SPACES TO ONE-LINE
           MOVE 1 TO NEXT-BYTE
           STRING FUNCTION TRIM(SQ-STATUS-NAME)
               DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/http/status"
               HTTP-STATUS
           IF SQ-FOUND AND HTTP-STATUS NOT = "null"
               STRING ", HTTP " FUNCTION TRIM(HTTP-STATUS)
                   DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
           END-IF
           IF SQ-STATE NOT = SPACES
               STRING ": " FUNCTION TRIM(SQ-STATE)
                   DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
           END-IF
           IF NOT SQ-NEXT-NONE AND SQ-NEXT NOT = SPACES
               STRING "; next: " FUNCTION TRIM(SQ-NEXT)
                   DELIMITED BY SIZE INTO ONE-LINE POINTER NEXT-BYTE
           END-IF
           CALL "TILL-SAY" USING SHOW-LABEL ONE-LINE
           CALL "TILL-SHOW-LIST" USING SQ-RESULT "/errors/" " "
           CALL "TILL-SHOW-LIST" USING SQ-RESULT "/warnings/" "warning"
           IF SQ-OPERATOR-MESSAGE NOT = SPACES
               CALL "TILL-SAY" USING "operator >>" SQ-OPERATOR-MESSAGE
           END-IF
           GOBACK.
       END PROGRAM "TILL-SHOW".
