      *> ---- for the office and for support --------------------------
      *> The transaction log: what needs attention first.
       SHOW-LOG.
           CALL "SQ-ORDER-NEW" USING THE-TILL BUILDER SQ-RESULT
      *>   A query is JSON too, and the builder of orders writes any.
           CALL "SQ-ORDER-SET-INT" USING BUILDER "/limit" 20 SQ-RESULT
           IF WORD-COUNT > 0
               CALL "SQ-ORDER-SET-TEXT" USING BUILDER "/order" WORD(1)
                   SQ-RESULT
           END-IF
           CALL "SQ-ORDER-JSON" USING BUILDER SQ-RESULT
           CALL "SQ-BUFFER-GET" USING SQ-RESULT " " LONG-VALUE
           CALL "SQ-ORDER-FREE" USING BUILDER SQ-RESULT
           CALL "SQ-LOG" USING THE-TILL LONG-VALUE SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           IF NOT SQ-OK
               CALL "TILL-SHOW" USING "log" SQ-RESULT
           END-IF
           MOVE 0 TO PLACE
           PERFORM GET-ENTRY
           PERFORM UNTIL A-VALUE = SPACES
               PERFORM SHOW-ENTRY
               ADD 1 TO PLACE
               PERFORM GET-ENTRY
           END-PERFORM
           IF SQ-OK AND PLACE = 0
               CALL "TILL-SAY" USING "log" "nothing"
           END-IF.
       GET-ENTRY.
           CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/" PLACE
               "/id" A-VALUE.
       SHOW-ENTRY.
           PERFORM BEGIN-LINE
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
      *>   By its ticket number, or by its uuid while it has none. A
      *>   delivery report is about no order.
           CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/" PLACE
               "/order/order_ref_1" A-VALUE
           IF A-VALUE = SPACES
               CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/" PLACE
                   "/order/uuid" A-VALUE
           END-IF
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
           CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/" PLACE
               "/operation" A-VALUE
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
           CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/" PLACE
               "/status" A-VALUE
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
           CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/" PLACE
               "/http/status" A-VALUE
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE ", HTTP " A-VALUE
           CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/" PLACE
               "/needs_attention" A-VALUE
           IF A-VALUE = "true"
               MOVE "attention" TO LIST-SHOWN
           ELSE
               MOVE "log" TO LIST-SHOWN
           END-IF
           CALL "TILL-SAY" USING LIST-SHOWN ONE-LINE
           CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/" PLACE
               "/description" LONG-VALUE
           IF LONG-VALUE NOT = SPACES
               CALL "TILL-SAY" USING " " LONG-VALUE
           END-IF
           IF LIST-SHOWN = "attention"
               PERFORM SHOW-ACTIONS
           END-IF.
      *> What can be done about an entry: a word of next, and to dismiss
      *> it.
       SHOW-ACTIONS.
           MOVE PLACE TO PLACE-SHOWN
           MOVE SPACES TO LIST-OF-RESULT
           STRING "/data/entries/" FUNCTION TRIM(PLACE-SHOWN)
               "/actions/" DELIMITED BY SIZE INTO LIST-OF-RESULT
           PERFORM BEGIN-LINE
           MOVE 0 TO PLACE-IN-LIST
           PERFORM GET-ACTION
           PERFORM UNTIL A-VALUE = SPACES
               IF PLACE-IN-LIST = 0
                   STRING "to do: " DELIMITED BY SIZE
                       INTO ONE-LINE POINTER NEXT-BYTE
               ELSE
                   STRING ", or " DELIMITED BY SIZE
                       INTO ONE-LINE POINTER NEXT-BYTE
               END-IF
               IF A-VALUE = "dismiss"
                   CALL "TILL-VALUE" USING SQ-RESULT "/data/entries/"
                       PLACE "/id" A-VALUE
                   CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE
                       "--dismiss " A-VALUE
               ELSE
                   CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
               END-IF
               ADD 1 TO PLACE-IN-LIST
               PERFORM GET-ACTION
           END-PERFORM
           IF PLACE-IN-LIST > 0
               CALL "TILL-SAY" USING " " ONE-LINE
           END-IF.
       GET-ACTION.
           CALL "TILL-VALUE" USING SQ-RESULT
               FUNCTION TRIM(LIST-OF-RESULT) PLACE-IN-LIST " " A-VALUE.
       DISMISS-ENTRY.
           MOVE SALE-NAMED TO ARGUMENT
           PERFORM CHECK-NUMBER
           CALL "SQ-LOG-DISMISS" USING THE-TILL NUMBER-GIVEN SQ-RESULT
           CALL "TILL-SHOW" USING "dismiss" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE.

      *> The settled sales, held against what seQura has paid out.
       SHOW-PAYOUTS.
           CALL "SQ-RECONCILE" USING THE-TILL SQ-RESULT
           CALL "TILL-SHOW" USING "reconcile" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           MOVE "/data/paid/" TO LIST-OF-RESULT
           MOVE "paid" TO LIST-SHOWN
           PERFORM SHOW-KIND
           MOVE "/data/differing/" TO LIST-OF-RESULT
           MOVE "differing" TO LIST-SHOWN
           PERFORM SHOW-KIND
           MOVE "/data/not_yet_paid/" TO LIST-OF-RESULT
           MOVE "not paid" TO LIST-SHOWN
           PERFORM SHOW-KIND
      *>   Paid, and sold by another till.
           MOVE "/data/unknown_here/" TO LIST-OF-RESULT
           MOVE "unknown" TO LIST-SHOWN
           PERFORM SHOW-KIND.
      *> The entries of one kind: each with what is owed and, where the
      *> two differ, what was paid.
       SHOW-KIND.
           PERFORM BEGIN-LINE
           MOVE 0 TO PLACE
           PERFORM GET-PAYOUT
           PERFORM UNTIL A-VALUE = SPACES
               IF PLACE > 0
                   STRING "; " DELIMITED BY SIZE
                       INTO ONE-LINE POINTER NEXT-BYTE
               END-IF
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT
                   FUNCTION TRIM(LIST-OF-RESULT) PLACE "/currency"
                   ONE-CURRENCY
               IF LIST-SHOWN NOT = "unknown"
                   CALL "TILL-VALUE" USING SQ-RESULT
                       FUNCTION TRIM(LIST-OF-RESULT) PLACE "/amount"
                       CENTS
                   CALL "TILL-PRICE" USING CENTS ONE-CURRENCY PRICE
                   CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " PRICE
               END-IF
               IF LIST-SHOWN = "differing" OR LIST-SHOWN = "unknown"
                   CALL "TILL-VALUE" USING SQ-RESULT
                       FUNCTION TRIM(LIST-OF-RESULT) PLACE "/paid"
                       CENTS
                   CALL "TILL-PRICE" USING CENTS ONE-CURRENCY PRICE
                   IF LIST-SHOWN = "differing"
                       STRING ", but paid" DELIMITED BY SIZE
                           INTO ONE-LINE POINTER NEXT-BYTE
                   END-IF
                   CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " PRICE
               END-IF
               ADD 1 TO PLACE
               PERFORM GET-PAYOUT
           END-PERFORM
           IF PLACE > 0
               CALL "TILL-SAY" USING LIST-SHOWN ONE-LINE
           END-IF.
       GET-PAYOUT.
           CALL "TILL-VALUE" USING SQ-RESULT
               FUNCTION TRIM(LIST-OF-RESULT) PLACE "/order_ref_1"
               A-VALUE.

      *> Tells seQura what was shipped since the last time: once a day,
      *> even if it is nothing.
       REPORT-DELIVERIES.
           CALL "SQ-SEND-DELIVERY-REPORT" USING THE-TILL OMITTED
               SQ-RESULT
           CALL "TILL-SHOW" USING "report" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           MOVE 0 TO PLACE
           PERFORM GET-REPORT
           PERFORM UNTIL A-VALUE = SPACES
               PERFORM BEGIN-LINE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/reports/" PLACE
                   "/orders" A-VALUE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE
                   ", orders shipped: " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/reports/" PLACE
                   "/status" A-VALUE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE ": " A-VALUE
               CALL "TILL-SAY" USING "told" ONE-LINE
               ADD 1 TO PLACE
               PERFORM GET-REPORT
           END-PERFORM.
       GET-REPORT.
           CALL "TILL-VALUE" USING SQ-RESULT "/data/reports/" PLACE
               "/merchant_id" A-VALUE.

      *> Does everything that a sale needs work on this machine?
       TEST-MACHINE.
           CALL "SQ-SELF-TEST" USING THE-TILL SQ-RESULT
      *>   Why a row failed is among the errors, or the warnings.
           CALL "TILL-SHOW" USING "self-test" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           MOVE 0 TO PLACE
           PERFORM GET-TEST
           PERFORM UNTIL A-VALUE = SPACES
               PERFORM BEGIN-LINE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/tests/" PLACE
                   "/detail/host" A-VALUE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE ", of " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/tests/" PLACE
                   "/detail/skew_s" A-VALUE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE
                   ", seconds fast: " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/tests/" PLACE
                   "/detail/durable_write_ms" A-VALUE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE
                   ", ms for a durable write: " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/tests/" PLACE
                   "/ok" A-VALUE
               IF A-VALUE = "true"
                   CALL "TILL-SAY" USING "well" ONE-LINE
               ELSE
                   CALL "TILL-SAY" USING "NOT WELL" ONE-LINE
               END-IF
               ADD 1 TO PLACE
               PERFORM GET-TEST
           END-PERFORM.
       GET-TEST.
           CALL "TILL-VALUE" USING SQ-RESULT "/data/tests/" PLACE
               "/name" A-VALUE.
