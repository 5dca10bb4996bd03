      *> The player of COBOL: see tests/bindings/README.md. Everything
      *> goes through the programs of bindings/cobol.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. PLAYER.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY "sequra.cpy".
      *> What is no result of open, open_file or call.
       COPY "sequra.cpy" REPLACING LEADING ==SQ-== BY ==OTHER-==.
      *> The fields of a request, one after another, each with a X"00".
       01  REQUEST                  PIC X(8000000).
       01  FIELDS.
           05  FIELD OCCURS 12.
               10  FIELD-AT         BINARY-LONG.
               10  FIELD-BYTES      BINARY-LONG.
               10  FIELD-IS-NULL    PIC X.
       01  FIELD-COUNT              BINARY-LONG.
       01  AT-BYTE                  BINARY-LONG.
       01  LETTER                   BINARY-LONG.
           88  INPUT-ENDS           VALUE -1.
           88  TAB-COMES            VALUE 9.
           88  LINE-ENDS            VALUE 10.
           88  ESCAPE-COMES         VALUE 92.
       01  ANSWER                   PIC X(8000000).
       01  ANSWER-BYTES             BINARY-LONG.
       01  ANSWER-STATUS            BINARY-LONG.
       01  ANSWER-STATUS-SHOWN      PIC -(9)9.
       01  ANSWER-NAME              PIC X(32).
       01  TEXT-AT                  USAGE POINTER.
       01  TEXT-BYTES               BINARY-LONG.
       01  VALUE-FIELD              PIC X(4000000).
       01  NUMBER-IN                PIC S9(18).
       01  QUANTITY                 PIC S9(18).
       01  PRICE                    PIC S9(18).
       01  NUMBER-OUT               BINARY-DOUBLE.
       01  NUMBER-SHOWN             PIC -(18)9.
       01  VERB                     PIC X(20).
       01  PROGRAM-NAME             PIC X(40).
       01  I                        BINARY-LONG.
       01  ARGUMENT-COUNT           BINARY-LONG.
       01  NAMES.
           05  NAMED OCCURS 50.
               10  ITS-NAME         PIC X(40).
               10  ITS-HANDLE       USAGE POINTER.
       01  NAME-COUNT               BINARY-LONG VALUE 0.
       01  WANTED-NAME              PIC X(40).
       01  THIS-NAME                BINARY-LONG.
       LINKAGE SECTION.
      *> An item without an address is an argument that is OMITTED.
       01  CLIENT                   USAGE POINTER.
       01  ARG-1                    PIC X(8000000).
       01  ARG-2                    PIC X(8000000).
       01  ARG-3                    PIC X(8000000).
       01  ARG-4                    PIC X(8000000).
       01  RESULT-TEXT              PIC X(8000000).
       PROCEDURE DIVISION.
       MAIN-LINE.
           STRING "ready" X"09" "cobol" X"09" "bytes" DELIMITED BY SIZE
               INTO ANSWER
           DISPLAY ANSWER(1:17)
           PERFORM READ-REQUEST
           PERFORM UNTIL VERB = "quit"
               PERFORM PLAY
               PERFORM READ-REQUEST
           END-PERFORM
           STOP RUN.

      *> ---- requests ------------------------------------------------
       READ-REQUEST.
           MOVE 1 TO FIELD-COUNT AT-BYTE FIELD-AT(1)
           MOVE "N" TO FIELD-IS-NULL(1)
           PERFORM READ-LETTER
           PERFORM UNTIL LINE-ENDS OR INPUT-ENDS
               EVALUATE TRUE
                   WHEN TAB-COMES
                       PERFORM END-FIELD
                       ADD 1 TO FIELD-COUNT
                       MOVE AT-BYTE TO FIELD-AT(FIELD-COUNT)
                       MOVE "N" TO FIELD-IS-NULL(FIELD-COUNT)
                   WHEN ESCAPE-COMES
                       PERFORM READ-LETTER
                       EVALUATE FUNCTION CHAR(LETTER + 1)
                           WHEN "t"  MOVE 9 TO LETTER
                           WHEN "n"  MOVE 10 TO LETTER
                           WHEN "r"  MOVE 13 TO LETTER
                           WHEN "N"
                               MOVE "Y" TO FIELD-IS-NULL(FIELD-COUNT)
                       END-EVALUATE
                       PERFORM ADD-LETTER
                   WHEN OTHER
                       PERFORM ADD-LETTER
               END-EVALUATE
               PERFORM READ-LETTER
           END-PERFORM
           PERFORM END-FIELD
           IF INPUT-ENDS
               MOVE "quit" TO VERB
           ELSE
               MOVE REQUEST(1:FIELD-BYTES(1)) TO VERB
           END-IF.
       READ-LETTER.
           CALL "getchar" RETURNING LETTER.
       ADD-LETTER.
           MOVE FUNCTION CHAR(LETTER + 1) TO REQUEST(AT-BYTE:1)
           ADD 1 TO AT-BYTE.
       END-FIELD.
           COMPUTE FIELD-BYTES(FIELD-COUNT) =
               AT-BYTE - FIELD-AT(FIELD-COUNT)
           MOVE X"00" TO REQUEST(AT-BYTE:1)
           ADD 1 TO AT-BYTE.

      *> ---- verbs ---------------------------------------------------
       PLAY.
           MOVE 0 TO TEXT-BYTES
           EVALUATE VERB
               WHEN "open"
               WHEN "open_file"
                   PERFORM OPEN-CLIENT
               WHEN "close"
                   PERFORM FIND-NAME
                   CALL "SQ-CLIENT-CLOSE" USING ITS-HANDLE(THIS-NAME)
                       OTHER-RESULT
                   PERFORM ANSWER-OTHER
               WHEN "call"
                   PERFORM CALL-FUNCTION
               WHEN "value"
                   PERFORM GET-VALUE
               WHEN "library"
                   PERFORM ASK-LIBRARY
               WHEN "order_new"
                   PERFORM ORDER-NEW
               WHEN "order_set_text"
                   PERFORM FIND-NAME
                   MOVE 3 TO I
                   PERFORM ADDRESS-ARGUMENTS
                   CALL "SQ-ORDER-SET-TEXT" USING ITS-HANDLE(THIS-NAME)
                       ARG-1(1:FIELD-BYTES(3) + 1)
                       ARG-2(1:FIELD-BYTES(4) + 1) OTHER-RESULT
                   PERFORM ANSWER-OTHER
               WHEN "order_set_int"
                   PERFORM FIND-NAME
                   MOVE 4 TO I
                   PERFORM READ-NUMBER
                   CALL "SQ-ORDER-SET-INT" USING ITS-HANDLE(THIS-NAME)
                       REQUEST(FIELD-AT(3):FIELD-BYTES(3) + 1)
                       NUMBER-IN OTHER-RESULT
                   PERFORM ANSWER-OTHER
               WHEN "order_set_flag"
                   PERFORM FIND-NAME
                   MOVE 4 TO I
                   PERFORM READ-NUMBER
                   CALL "SQ-ORDER-SET-FLAG" USING ITS-HANDLE(THIS-NAME)
                       REQUEST(FIELD-AT(3):FIELD-BYTES(3) + 1)
                       NUMBER-IN OTHER-RESULT
                   PERFORM ANSWER-OTHER
               WHEN "order_add_item"
                   PERFORM ORDER-ADD-ITEM
               WHEN "order_add_measured"
                   PERFORM ORDER-ADD-MEASURED
               WHEN "order_json"
                   PERFORM FIND-NAME
                   CALL "SQ-ORDER-JSON" USING ITS-HANDLE(THIS-NAME)
                       OTHER-RESULT
                   IF OTHER-OK
                       CALL "SQ-BUFFER-TEXT" USING OTHER-RESULT TEXT-AT
                           TEXT-BYTES
                   END-IF
                   PERFORM ANSWER-OTHER
               WHEN "order_free"
                   PERFORM FIND-NAME
                   CALL "SQ-ORDER-FREE" USING ITS-HANDLE(THIS-NAME)
                       OTHER-RESULT
                   PERFORM ANSWER-OTHER
           END-EVALUATE.

       OPEN-CLIENT.
           PERFORM FIND-NAME
           IF VERB = "open"
               CALL "SQ-CLIENT-OPEN" USING
                   REQUEST(FIELD-AT(3):FIELD-BYTES(3) + 1)
                   ITS-HANDLE(THIS-NAME) SQ-RESULT
           ELSE
               CALL "SQ-CLIENT-OPEN-FILE" USING
                   REQUEST(FIELD-AT(3):FIELD-BYTES(3) + 1)
                   ITS-HANDLE(THIS-NAME) SQ-RESULT
           END-IF
           PERFORM ANSWER-RESULT.

       CALL-FUNCTION.
           PERFORM FIND-NAME
           MOVE SPACES TO PROGRAM-NAME
           STRING "SQ-" REQUEST(FIELD-AT(3):FIELD-BYTES(3))
               DELIMITED BY SIZE INTO PROGRAM-NAME
           INSPECT PROGRAM-NAME CONVERTING
               "abcdefghijklmnopqrstuvwxyz_"
               TO "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
           SET ADDRESS OF CLIENT TO NULL
           IF FIELD-IS-NULL(2) = "N"
               SET ADDRESS OF CLIENT
                   TO ADDRESS OF ITS-HANDLE(THIS-NAME)
           END-IF
           MOVE 4 TO I
           PERFORM ADDRESS-ARGUMENTS
           COMPUTE ARGUMENT-COUNT = FIELD-COUNT - 3
           EVALUATE TRUE
               WHEN PROGRAM-NAME = "SQ-LOG-DISMISS"
                   MOVE 4 TO I
                   PERFORM READ-NUMBER
                   CALL PROGRAM-NAME USING CLIENT NUMBER-IN SQ-RESULT
               WHEN PROGRAM-NAME = "SQ-RECEIPT"
                   MOVE 5 TO I
                   PERFORM READ-NUMBER
                   CALL PROGRAM-NAME USING CLIENT
                       ARG-1(1:FIELD-BYTES(4) + 1) NUMBER-IN SQ-RESULT
               WHEN PROGRAM-NAME = "SQ-CREDIT-AGREEMENTS"
                   MOVE 5 TO I
                   PERFORM READ-NUMBER
                   CALL PROGRAM-NAME USING CLIENT
                       ARG-1(1:FIELD-BYTES(4) + 1) NUMBER-IN
                       ARG-3(1:FIELD-BYTES(6) + 1) SQ-RESULT
               WHEN PROGRAM-NAME = "SQ-SEND-FORM-BY"
                   CALL PROGRAM-NAME USING CLIENT
                       ARG-1(1:FIELD-BYTES(4) + 1)
                       ARG-2(1:FIELD-BYTES(5) + 1)
                       ARG-3(1:FIELD-BYTES(6) + 1)
                       ARG-4(1:FIELD-BYTES(7) + 1) SQ-RESULT
               WHEN ARGUMENT-COUNT = 0
                   CALL PROGRAM-NAME USING CLIENT SQ-RESULT
               WHEN ARGUMENT-COUNT = 1
                   CALL PROGRAM-NAME USING CLIENT
                       ARG-1(1:FIELD-BYTES(4) + 1) SQ-RESULT
               WHEN ARGUMENT-COUNT = 2
                   CALL PROGRAM-NAME USING CLIENT
                       ARG-1(1:FIELD-BYTES(4) + 1)
                       ARG-2(1:FIELD-BYTES(5) + 1) SQ-RESULT
               WHEN OTHER
                   CALL PROGRAM-NAME USING CLIENT
                       ARG-1(1:FIELD-BYTES(4) + 1)
                       ARG-2(1:FIELD-BYTES(5) + 1)
                       ARG-3(1:FIELD-BYTES(6) + 1) SQ-RESULT
           END-EVALUATE
           PERFORM ANSWER-RESULT.

      *>   The four fields from I on, as far as there are any.
       ADDRESS-ARGUMENTS.
           SET ADDRESS OF ARG-1 TO NULL
           SET ADDRESS OF ARG-2 TO NULL
           SET ADDRESS OF ARG-3 TO NULL
           SET ADDRESS OF ARG-4 TO NULL
           IF FIELD-COUNT NOT < I AND FIELD-IS-NULL(I) = "N"
               SET ADDRESS OF ARG-1
                   TO ADDRESS OF REQUEST(FIELD-AT(I):1)
           END-IF
           ADD 1 TO I
           IF FIELD-COUNT NOT < I AND FIELD-IS-NULL(I) = "N"
               SET ADDRESS OF ARG-2
                   TO ADDRESS OF REQUEST(FIELD-AT(I):1)
           END-IF
           ADD 1 TO I
           IF FIELD-COUNT NOT < I AND FIELD-IS-NULL(I) = "N"
               SET ADDRESS OF ARG-3
                   TO ADDRESS OF REQUEST(FIELD-AT(I):1)
           END-IF
           ADD 1 TO I
           IF FIELD-COUNT NOT < I AND FIELD-IS-NULL(I) = "N"
               SET ADDRESS OF ARG-4
                   TO ADDRESS OF REQUEST(FIELD-AT(I):1)
           END-IF.

       ORDER-NEW.
           SET ADDRESS OF CLIENT TO NULL
           IF FIELD-IS-NULL(3) = "N"
               MOVE REQUEST(FIELD-AT(3):FIELD-BYTES(3)) TO WANTED-NAME
               PERFORM FIND-WANTED-NAME
               SET ADDRESS OF CLIENT
                   TO ADDRESS OF ITS-HANDLE(THIS-NAME)
           END-IF
           PERFORM FIND-NAME
           CALL "SQ-ORDER-NEW" USING CLIENT ITS-HANDLE(THIS-NAME)
               OTHER-RESULT
           PERFORM ANSWER-OTHER.

       ORDER-ADD-ITEM.
           PERFORM FIND-NAME
           MOVE 6 TO I
           PERFORM READ-NUMBER
           MOVE NUMBER-IN TO QUANTITY
           MOVE 7 TO I
           PERFORM READ-NUMBER
           MOVE NUMBER-IN TO PRICE
           MOVE 8 TO I
           PERFORM READ-NUMBER
           MOVE 3 TO I
           PERFORM ADDRESS-ARGUMENTS
           CALL "SQ-ORDER-ADD-ITEM" USING ITS-HANDLE(THIS-NAME)
               ARG-1(1:FIELD-BYTES(3) + 1) ARG-2(1:FIELD-BYTES(4) + 1)
               ARG-3(1:FIELD-BYTES(5) + 1) QUANTITY PRICE NUMBER-IN
               OTHER-RESULT
           PERFORM ANSWER-OTHER.

       ORDER-ADD-MEASURED.
           PERFORM FIND-NAME
           MOVE 8 TO I
           PERFORM READ-NUMBER
           MOVE 3 TO I
           PERFORM ADDRESS-ARGUMENTS
           CALL "SQ-ORDER-ADD-MEASURED" USING ITS-HANDLE(THIS-NAME)
               ARG-1(1:FIELD-BYTES(3) + 1) ARG-2(1:FIELD-BYTES(4) + 1)
               ARG-3(1:FIELD-BYTES(5) + 1) ARG-4(1:FIELD-BYTES(6) + 1)
               REQUEST(FIELD-AT(7):FIELD-BYTES(7) + 1) NUMBER-IN
               OTHER-RESULT
           PERFORM ANSWER-OTHER.

       READ-NUMBER.
           COMPUTE NUMBER-IN =
               FUNCTION NUMVAL(REQUEST(FIELD-AT(I):FIELD-BYTES(I))).

       GET-VALUE.
           CALL "SQ-BUFFER-GET" USING SQ-RESULT
               REQUEST(FIELD-AT(2):FIELD-BYTES(2) + 1) VALUE-FIELD
           IF SQ-FOUND
               SET TEXT-AT TO ADDRESS OF VALUE-FIELD
               MOVE SQ-VALUE-LENGTH TO TEXT-BYTES
           END-IF
           MOVE SQ-VALUE-STATUS TO ANSWER-STATUS
           CALL "SQ-STATUS-NAME" USING SQ-VALUE-STATUS ANSWER-NAME
               OTHER-RESULT
           PERFORM GIVE-ANSWER.

       ASK-LIBRARY.
           MOVE 3 TO I
           IF FIELD-COUNT > 2
               PERFORM READ-NUMBER
           END-IF
           EVALUATE REQUEST(FIELD-AT(2):FIELD-BYTES(2))
               WHEN "abi_version"
                   CALL "SQ-ABI-VERSION" USING NUMBER-OUT OTHER-RESULT
                   PERFORM SHOW-NUMBER
               WHEN "version"
                   CALL "SQ-VERSION" USING VALUE-FIELD OTHER-RESULT
               WHEN "build_info"
                   CALL "SQ-BUILD-INFO" USING VALUE-FIELD OTHER-RESULT
               WHEN "status_name"
                   CALL "SQ-STATUS-NAME" USING NUMBER-IN VALUE-FIELD
                       OTHER-RESULT
               WHEN "status_class"
                   CALL "SQ-STATUS-CLASS" USING NUMBER-IN NUMBER-OUT
                       OTHER-RESULT
                   PERFORM SHOW-NUMBER
               WHEN "live_handles"
                   CALL "SQ-BUFFER-FREE" USING SQ-RESULT
                   CALL "SQ-BUFFER-FREE" USING OTHER-RESULT
                   CALL "SQ-LIVE-HANDLES" USING NUMBER-OUT OTHER-RESULT
                   PERFORM SHOW-NUMBER
           END-EVALUATE
           SET TEXT-AT TO ADDRESS OF VALUE-FIELD
           MOVE OTHER-VALUE-LENGTH TO TEXT-BYTES
           MOVE 0 TO ANSWER-STATUS
           PERFORM GIVE-ANSWER.
       SHOW-NUMBER.
           MOVE NUMBER-OUT TO NUMBER-SHOWN
           MOVE FUNCTION TRIM(NUMBER-SHOWN) TO VALUE-FIELD
           MOVE FUNCTION LENGTH(FUNCTION TRIM(NUMBER-SHOWN))
               TO OTHER-VALUE-LENGTH.

      *> ---- names ---------------------------------------------------
       FIND-NAME.
           MOVE REQUEST(FIELD-AT(2):FIELD-BYTES(2)) TO WANTED-NAME
           PERFORM FIND-WANTED-NAME.
       FIND-WANTED-NAME.
           PERFORM VARYING THIS-NAME FROM 1 BY 1
               UNTIL THIS-NAME > NAME-COUNT
               IF ITS-NAME(THIS-NAME) = WANTED-NAME
                   EXIT PERFORM
               END-IF
           END-PERFORM
           IF THIS-NAME > NAME-COUNT
               ADD 1 TO NAME-COUNT
               MOVE WANTED-NAME TO ITS-NAME(THIS-NAME)
               SET ITS-HANDLE(THIS-NAME) TO NULL
           END-IF.

      *> ---- answers -------------------------------------------------
       ANSWER-RESULT.
           MOVE SQ-STATUS TO ANSWER-STATUS
           MOVE SQ-STATUS-NAME TO ANSWER-NAME
           IF SQ-BUFFER = NULL
               SET TEXT-AT TO ADDRESS OF ANSWER-NAME
               MOVE 32 TO TEXT-BYTES
           ELSE
               CALL "SQ-BUFFER-TEXT" USING SQ-RESULT TEXT-AT TEXT-BYTES
           END-IF
           PERFORM GIVE-ANSWER.
       ANSWER-OTHER.
           MOVE OTHER-STATUS TO ANSWER-STATUS
           MOVE OTHER-STATUS-NAME TO ANSWER-NAME
           IF ANSWER-STATUS NOT = 0
               SET TEXT-AT TO ADDRESS OF ANSWER-NAME
               MOVE 32 TO TEXT-BYTES
           END-IF
           PERFORM GIVE-ANSWER.
       GIVE-ANSWER.
           IF ANSWER-STATUS = 0
               MOVE "-" TO ANSWER-NAME
           END-IF
           IF ANSWER-STATUS < 0
               MOVE -1 TO ANSWER-STATUS
           END-IF
           MOVE ANSWER-STATUS TO ANSWER-STATUS-SHOWN
           MOVE 1 TO ANSWER-BYTES
           STRING FUNCTION TRIM(ANSWER-STATUS-SHOWN) X"09"
               FUNCTION TRIM(ANSWER-NAME) X"09"
               DELIMITED BY SIZE INTO ANSWER POINTER ANSWER-BYTES
           IF TEXT-BYTES > 0
               SET ADDRESS OF RESULT-TEXT TO TEXT-AT
               PERFORM VARYING I FROM 1 BY 1 UNTIL I > TEXT-BYTES
                   EVALUATE RESULT-TEXT(I:1)
                       WHEN X"09"  PERFORM ADD-ESCAPE
                           MOVE "t" TO ANSWER(ANSWER-BYTES:1)
                       WHEN X"0A"  PERFORM ADD-ESCAPE
                           MOVE "n" TO ANSWER(ANSWER-BYTES:1)
                       WHEN X"0D"  PERFORM ADD-ESCAPE
                           MOVE "r" TO ANSWER(ANSWER-BYTES:1)
                       WHEN "\"    PERFORM ADD-ESCAPE
                           MOVE "\" TO ANSWER(ANSWER-BYTES:1)
                       WHEN OTHER
                           MOVE RESULT-TEXT(I:1)
                               TO ANSWER(ANSWER-BYTES:1)
                   END-EVALUATE
                   ADD 1 TO ANSWER-BYTES
               END-PERFORM
           END-IF
           DISPLAY ANSWER(1:ANSWER-BYTES - 1).
       ADD-ESCAPE.
           MOVE "\" TO ANSWER(ANSWER-BYTES:1)
           ADD 1 TO ANSWER-BYTES.
       END PROGRAM PLAYER.
