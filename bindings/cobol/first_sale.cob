      *> first_sale CONFIG ORDER-AS-JSON TICKET: one sale.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. FIRST-SALE.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY "sequra.cpy".
       01  TILL           USAGE POINTER.
       01  CONFIG-FILE    PIC X(200).
       01  ORDER-JSON     PIC X(30000).
       01  ORDER-URL      PIC X(500).
       01  TICKET         PIC X(40).
       PROCEDURE DIVISION.
           ACCEPT CONFIG-FILE FROM ARGUMENT-VALUE
           ACCEPT ORDER-JSON FROM ARGUMENT-VALUE
           ACCEPT TICKET FROM ARGUMENT-VALUE
           CALL "SQ-CLIENT-OPEN-FILE" USING CONFIG-FILE TILL SQ-RESULT
           PERFORM CHECK-IT
           CALL "SQ-START-SOLICITATION" USING TILL ORDER-JSON SQ-RESULT
           PERFORM CHECK-IT
           MOVE SQ-ORDER-URL TO ORDER-URL
      *>   Keep the URL with the sale. Now an SMS goes to the shopper.
           CALL "SQ-SEND-FORM" USING TILL ORDER-URL "pp3" OMITTED
               SQ-RESULT
           PERFORM CHECK-IT
           DISPLAY "Approved on the shopper's phone? Then press Enter."
           ACCEPT OMITTED
           CALL "SQ-CONFIRM" USING TILL ORDER-URL ORDER-JSON SQ-RESULT
           PERFORM CHECK-IT
           DISPLAY TICKET " is completed in the till's own books."
           CALL "SQ-SET-ORDER-REF" USING TILL ORDER-URL TICKET OMITTED
               SQ-RESULT
           PERFORM CHECK-IT
      *>   SQ-STATE-SETTLED: now hand over the goods.
           CALL "SQ-CLIENT-CLOSE" USING TILL SQ-RESULT
           CALL "SQ-BUFFER-FREE" USING SQ-RESULT
           STOP RUN.
       CHECK-IT.
           DISPLAY FUNCTION TRIM(SQ-OPERATOR-MESSAGE)
           IF NOT SQ-OK
      *>       Not sold, or not yet: keep the goods.
               DISPLAY SQ-STATUS-NAME SQ-ERROR-CODE UPON SYSERR
               STOP RUN RETURNING 1
           END-IF.
