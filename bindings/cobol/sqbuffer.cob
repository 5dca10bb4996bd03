      *> What the programs of sequra.cob have in common: texts and
      *> numbers on their way to the library, and results on their way
      *> back. A till calls three of them: SQ-BUFFER-GET,
      *> SQ-BUFFER-TEXT and SQ-BUFFER-FREE.
      *>
      *>----------------------------------------------------------------
      *> CALL "SQ-BUFFER-GET" USING SQ-RESULT json-pointer field
      *>
      *> One value of the last result, with blanks after it:
      *> "/errors/0/message"; SPACES are the whole of it. Its length is
      *> SQ-VALUE-LENGTH. SQ-FOUND; SQ-NOT-THERE; SQ-FIELD-TOO-SMALL:
      *> nothing is cut, the field is blank, and SQ-VALUE-LENGTH is the
      *> size that it must have.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-BUFFER-GET".
       DATA DIVISION.
       LOCAL-STORAGE SECTION.
       01  MY-POINTER           USAGE POINTER.
       01  MY-VALUE             USAGE POINTER.
       01  MY-LENGTH            BINARY-LONG UNSIGNED VALUE 0.
       01  STATUS-OF-C          BINARY-LONG SIGNED.
       01  WRONG                BINARY-LONG SIGNED VALUE 0.
       LINKAGE SECTION.
       COPY "sequra.cpy".
       01  IN-POINTER           PIC X ANY LENGTH.
       01  OUT-FIELD            PIC X ANY LENGTH.
       PROCEDURE DIVISION USING SQ-RESULT IN-POINTER OUT-FIELD.
           MOVE 0 TO SQ-VALUE-LENGTH
           CALL "SQ-TEXT-IN" USING IN-POINTER MY-POINTER WRONG
           MOVE SPACES TO OUT-FIELD
           MOVE WRONG TO SQ-VALUE-STATUS
           IF WRONG NOT = 0
               GOBACK
           END-IF
      *>   Asked twice, for the size and then for the value.
           CALL "sq_buffer_get" USING
               BY VALUE SQ-BUFFER
               BY VALUE MY-POINTER
               BY REFERENCE OMITTED
               BY REFERENCE MY-LENGTH
               RETURNING STATUS-OF-C
           MOVE STATUS-OF-C TO SQ-VALUE-STATUS
           IF SQ-FIELD-TOO-SMALL
               COMPUTE SQ-VALUE-LENGTH = MY-LENGTH - 1
               IF SQ-VALUE-LENGTH NOT > FUNCTION LENGTH(OUT-FIELD)
                   PERFORM GET-VALUE
               END-IF
           END-IF
           FREE MY-POINTER
           GOBACK.
       GET-VALUE.
           ALLOCATE MY-LENGTH CHARACTERS RETURNING MY-VALUE
           IF MY-VALUE = NULL
               MOVE -3 TO SQ-VALUE-STATUS
           ELSE
               CALL "sq_buffer_get" USING
                   BY VALUE SQ-BUFFER
                   BY VALUE MY-POINTER
                   BY VALUE MY-VALUE
                   BY REFERENCE MY-LENGTH
                   RETURNING STATUS-OF-C
               MOVE STATUS-OF-C TO SQ-VALUE-STATUS
               IF SQ-FOUND
                   CALL "SQ-TEXT-OUT" USING MY-VALUE OUT-FIELD
                       SQ-RESULT
               END-IF
               FREE MY-VALUE
           END-IF.
       END PROGRAM "SQ-BUFFER-GET".
      *>
      *>----------------------------------------------------------------
      *> CALL "SQ-BUFFER-TEXT" USING SQ-RESULT text-pointer text-length
      *>
      *> The whole result where it is, however long: SET ADDRESS OF an
      *> item of LINKAGE TO text-pointer, and read text-length bytes.
      *> They are there until the next call with this SQ-RESULT.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-BUFFER-TEXT".
       DATA DIVISION.
       LOCAL-STORAGE SECTION.
       01  MY-TEXT              USAGE POINTER.
       01  MY-LENGTH            BINARY-LONG SIGNED.
       LINKAGE SECTION.
       COPY "sequra.cpy".
       01  OUT-TEXT             USAGE POINTER.
       01  OUT-LENGTH           PIC S9 ANY NUMERIC.
       PROCEDURE DIVISION USING SQ-RESULT OUT-TEXT OUT-LENGTH.
           CALL "sq_buffer_text" USING BY VALUE SQ-BUFFER
               RETURNING MY-TEXT
           CALL "sq_buffer_len" USING BY VALUE SQ-BUFFER
               RETURNING MY-LENGTH
           SET OUT-TEXT TO MY-TEXT
           MOVE MY-LENGTH TO OUT-LENGTH
           GOBACK.
       END PROGRAM "SQ-BUFFER-TEXT".
      *>
      *>----------------------------------------------------------------
      *> CALL "SQ-BUFFER-FREE" USING SQ-RESULT
      *>
      *> Frees the last result. Twice does nothing.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-BUFFER-FREE".
       DATA DIVISION.
       LINKAGE SECTION.
       COPY "sequra.cpy".
       PROCEDURE DIVISION USING SQ-RESULT.
           CALL "sq_buffer_free" USING BY VALUE SQ-BUFFER
               RETURNING OMITTED
           SET SQ-BUFFER TO NULL
           GOBACK.
       END PROGRAM "SQ-BUFFER-FREE".
      *>
      *>----------------------------------------------------------------
      *> Makes the record ready for a call. wrong: what is wrong with
      *> its arguments, or 0.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-CLEAR".
       DATA DIVISION.
       LINKAGE SECTION.
       COPY "sequra.cpy".
       01  WRONG                BINARY-LONG SIGNED.
       PROCEDURE DIVISION USING SQ-RESULT WRONG.
      *>   Whatever stands in a record that was never used: the library
      *>   knows a buffer that it has given out.
           CALL "SQ-BUFFER-FREE" USING SQ-RESULT
           INITIALIZE SQ-RESULT
           SET SQ-BUFFER TO NULL
           MOVE WRONG TO SQ-STATUS
           EVALUATE TRUE
               WHEN SQ-TEXT-WITH-NUL
                   MOVE "SQ-TEXT-WITH-NUL" TO SQ-STATUS-NAME
               WHEN SQ-NOT-A-WHOLE-NUMBER
                   MOVE "SQ-NOT-A-WHOLE-NUMBER" TO SQ-STATUS-NAME
               WHEN SQ-OUT-OF-MEMORY
                   MOVE "SQ-OUT-OF-MEMORY" TO SQ-STATUS-NAME
           END-EVALUATE
           GOBACK.
       END PROGRAM "SQ-CLEAR".
      *>
      *>----------------------------------------------------------------
      *> Fills the record from its buffer, after a call.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-FILL".
       DATA DIVISION.
       LOCAL-STORAGE SECTION.
       01  MY-NAME              USAGE POINTER.
       01  CENTS                PIC X(20).
       LINKAGE SECTION.
       COPY "sequra.cpy".
       PROCEDURE DIVISION USING SQ-RESULT.
           CALL "sq_status_name" USING BY VALUE SQ-STATUS
               RETURNING MY-NAME
           CALL "SQ-TEXT-OUT" USING MY-NAME SQ-STATUS-NAME SQ-RESULT
           IF SQ-BUFFER NOT = NULL
               CALL "SQ-WORD" USING SQ-RESULT "/operation"
                   SQ-OPERATION
               CALL "SQ-WORD" USING SQ-RESULT "/next" SQ-NEXT
               CALL "SQ-WORD" USING SQ-RESULT "/errors/0/code"
                   SQ-ERROR-CODE
               CALL "SQ-WORD" USING SQ-RESULT "/order/state" SQ-STATE
               CALL "SQ-WORD" USING SQ-RESULT "/order/url"
                   SQ-ORDER-URL
               CALL "SQ-WORD" USING SQ-RESULT "/order/uuid"
                   SQ-ORDER-UUID
               CALL "SQ-WORD" USING SQ-RESULT "/order/order_ref_1"
                   SQ-ORDER-REF-1
               CALL "SQ-WORD" USING SQ-RESULT "/order/currency"
                   SQ-CURRENCY
               CALL "SQ-WORD" USING SQ-RESULT "/operator_message"
                   SQ-OPERATOR-MESSAGE
               CALL "SQ-WORD" USING SQ-RESULT "/order/amount" CENTS
               IF CENTS NOT = SPACES
                   COMPUTE SQ-AMOUNT = FUNCTION NUMVAL(CENTS)
               END-IF
           END-IF
           MOVE 0 TO SQ-VALUE-STATUS SQ-VALUE-LENGTH
           GOBACK.
       END PROGRAM "SQ-FILL".
      *>
      *>----------------------------------------------------------------
      *> One value into a field of the record; null is blank.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-WORD".
       DATA DIVISION.
       LINKAGE SECTION.
       COPY "sequra.cpy".
       01  IN-POINTER           PIC X ANY LENGTH.
       01  OUT-FIELD            PIC X ANY LENGTH.
       PROCEDURE DIVISION USING SQ-RESULT IN-POINTER OUT-FIELD.
           CALL "SQ-BUFFER-GET" USING SQ-RESULT IN-POINTER OUT-FIELD
           IF OUT-FIELD = "null"
               MOVE SPACES TO OUT-FIELD
           END-IF
           GOBACK.
       END PROGRAM "SQ-WORD".
      *>
      *>----------------------------------------------------------------
      *> A copy of a text with a X"00" at its end; the caller frees it.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-TEXT-IN".
       DATA DIVISION.
       LOCAL-STORAGE SECTION.
       01  ROOM                 BINARY-LONG SIGNED.
       01  BYTES                BINARY-LONG SIGNED VALUE 0.
       01  NEEDED               BINARY-LONG SIGNED.
       LINKAGE SECTION.
       01  IN-TEXT              PIC X ANY LENGTH.
       01  MY-TEXT              USAGE POINTER.
       01  WRONG                BINARY-LONG SIGNED.
       01  COPIED               PIC X(99999999).
       PROCEDURE DIVISION USING IN-TEXT MY-TEXT WRONG.
           MOVE FUNCTION LENGTH(IN-TEXT) TO ROOM
           INSPECT IN-TEXT TALLYING BYTES
               FOR CHARACTERS BEFORE INITIAL X"00"
           IF BYTES = ROOM
               PERFORM UNTIL BYTES = 0
                   IF IN-TEXT(BYTES:1) NOT = SPACE
                       EXIT PERFORM
                   END-IF
                   SUBTRACT 1 FROM BYTES
               END-PERFORM
           ELSE
               IF BYTES + 1 < ROOM
                   AND IN-TEXT(BYTES + 2:) NOT = SPACES
                   AND IN-TEXT(BYTES + 2:) NOT = LOW-VALUES
      *>           Cut off here it would be another text.
                   MOVE -1 TO WRONG
                   GOBACK
               END-IF
           END-IF
           COMPUTE NEEDED = BYTES + 1
           ALLOCATE NEEDED CHARACTERS RETURNING MY-TEXT
           IF MY-TEXT = NULL
               MOVE -3 TO WRONG
               GOBACK
           END-IF
           SET ADDRESS OF COPIED TO MY-TEXT
           IF BYTES > 0
               MOVE IN-TEXT(1:BYTES) TO COPIED(1:BYTES)
           END-IF
           MOVE X"00" TO COPIED(NEEDED:1)
           GOBACK.
       END PROGRAM "SQ-TEXT-IN".
      *>
      *>----------------------------------------------------------------
      *> A text of the library's into a field, with blanks after it.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-TEXT-OUT".
       DATA DIVISION.
       LOCAL-STORAGE SECTION.
       01  BYTES                BINARY-LONG SIGNED VALUE 0.
       LINKAGE SECTION.
       01  MY-TEXT              USAGE POINTER.
       01  OUT-FIELD            PIC X ANY LENGTH.
       COPY "sequra.cpy".
       01  COPIED               PIC X(99999999).
       PROCEDURE DIVISION USING MY-TEXT OUT-FIELD SQ-RESULT.
           SET ADDRESS OF COPIED TO MY-TEXT
           PERFORM UNTIL COPIED(BYTES + 1:1) = X"00"
               ADD 1 TO BYTES
           END-PERFORM
           MOVE BYTES TO SQ-VALUE-LENGTH
           MOVE SPACES TO OUT-FIELD
           IF BYTES > FUNCTION LENGTH(OUT-FIELD)
               MOVE 1010 TO SQ-VALUE-STATUS
           ELSE
               MOVE 0 TO SQ-VALUE-STATUS
               IF BYTES > 0
                   MOVE COPIED(1:BYTES) TO OUT-FIELD
               END-IF
           END-IF
           GOBACK.
       END PROGRAM "SQ-TEXT-OUT".
      *>
      *>----------------------------------------------------------------
      *> A number as the library takes it, or wrong.
      *>----------------------------------------------------------------
       IDENTIFICATION DIVISION.
       PROGRAM-ID. "SQ-NUMBER-IN".
       DATA DIVISION.
       LOCAL-STORAGE SECTION.
      *>   With the decimals that an amount could have by mistake.
       01  EXACT                PIC S9(18)V9(9) COMP-3.
       LINKAGE SECTION.
       01  IN-NUMBER            PIC S9 ANY NUMERIC.
       01  MY-NUMBER            BINARY-DOUBLE SIGNED.
       01  WRONG                BINARY-LONG SIGNED.
       PROCEDURE DIVISION USING IN-NUMBER MY-NUMBER WRONG.
           MOVE IN-NUMBER TO EXACT
           MOVE EXACT TO MY-NUMBER
           IF MY-NUMBER NOT = EXACT OR EXACT NOT = IN-NUMBER
               MOVE -2 TO WRONG
           END-IF
           GOBACK.
       END PROGRAM "SQ-NUMBER-IN".
