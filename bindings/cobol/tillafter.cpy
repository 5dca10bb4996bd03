      *> ---- after the sale ------------------------------------------
      *> book: changing -> the call -> what does the library's journal
      *>     say? -> book
      *>
      *> The book is written before the change is asked for and after
      *> it. A till that dies in between finds "changing" in its book
      *> when it is started again, and does the last two steps: it needs
      *> not know how far it had come.
       CHANGE-SALE.
      *>   Only a settled order can be changed. Of any other, the call
      *>   itself says why not.
           MOVE "N" TO WAS-SETTLED
           CALL "SQ-ORDER-INFO" USING THE-TILL SALE-NAMED SQ-RESULT
           IF SQ-STATE-SETTLED
               MOVE "Y" TO WAS-SETTLED
               PERFORM TAKE-SALE-OF-RESULT
               MOVE URL TO SALE-NAMED
               MOVE "changing" TO NEW-STATE
               PERFORM RECORD-SALE
           END-IF
           IF ALL-WELL
               IF CHANGE-HAS-JSON
                   CALL CHANGE-PROGRAM USING THE-TILL SALE-NAMED
                       ORDER-JSON(1:ORDER-BYTES) SQ-RESULT
               ELSE
                   CALL CHANGE-PROGRAM USING THE-TILL SALE-NAMED
                       OMITTED SQ-RESULT
               END-IF
               CALL "TILL-SHOW" USING CHANGE-LABEL SQ-RESULT
               PERFORM CODE-OF-STATUS
               MOVE STATUS-CODE TO RECOVERY-CODE
               IF SQ-OK AND NOT IT-WAS-SETTLED
      *>           It was cancelled before, and may not be in the book.
                   PERFORM TAKE-SALE-OF-RESULT
               END-IF
               IF SQ-OK OR IT-WAS-SETTLED
                   PERFORM RECORD-AFTER-SALE
               END-IF
               IF RECOVERY-CODE NOT = EXIT-DONE
                   MOVE RECOVERY-CODE TO RESULT-CODE
               END-IF
           END-IF.
      *> The sale as it is called at seQura and in the book.
       TAKE-SALE-OF-RESULT.
           MOVE SQ-ORDER-URL TO URL
           MOVE SQ-ORDER-REF-1 TO TICKET.

      *> What the sale has come to: shown, and written into the book.
       RECORD-AFTER-SALE.
           CALL "SQ-ORDER-INFO" USING THE-TILL URL SQ-RESULT
           EVALUATE TRUE
               WHEN NOT SQ-OK
                   CALL "TILL-SHOW" USING "info" SQ-RESULT
                   PERFORM CODE-OF-STATUS
                   MOVE STATUS-CODE TO RESULT-CODE
               WHEN SQ-NEXT-RECOVER
                   CALL "TILL-SAY" USING "to go on"
                       "till CONFIG --recover; or the same change " &
                       "again; or the next one, which takes it along"
                   MOVE EXIT-NO-ANSWER TO RESULT-CODE
               WHEN OTHER
                   PERFORM SHOW-TOTALS
                   PERFORM STATE-AFTER-SALE
                   PERFORM RECORD-SALE
           END-EVALUATE.
      *> In the words of the book.
       STATE-AFTER-SALE.
           CALL "SQ-BUFFER-GET" USING SQ-RESULT
               "/data/amounts/delivery" A-VALUE
           CALL "SQ-BUFFER-GET" USING SQ-RESULT
               "/data/amounts/refunded" CENTS
           EVALUATE TRUE
               WHEN SQ-STATE-CANCELLED
                   MOVE "cancelled" TO NEW-STATE
               WHEN A-VALUE = "unshipped"
                   MOVE "registered" TO NEW-STATE
               WHEN A-VALUE = "partly_shipped"
               WHEN A-VALUE = "refunded"
                   MOVE A-VALUE TO NEW-STATE
               WHEN CENTS = "0"
                   MOVE "shipped" TO NEW-STATE
               WHEN OTHER
                   MOVE "partly_refunded" TO NEW-STATE
           END-EVALUATE.
      *> The totals of both carts, and what the shopper owes of what was
      *> sold.
       SHOW-TOTALS.
           PERFORM BEGIN-LINE
           CALL "SQ-BUFFER-GET" USING SQ-RESULT
               "/data/amounts/unshipped" CENTS
           CALL "TILL-PRICE" USING CENTS " " PRICE
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE "unshipped " PRICE
           CALL "SQ-BUFFER-GET" USING SQ-RESULT
               "/data/amounts/shipped" CENTS
           CALL "TILL-PRICE" USING CENTS " " PRICE
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE ", shipped " PRICE
           CALL "SQ-BUFFER-GET" USING SQ-RESULT "/data/amounts/owed"
               CENTS
           CALL "TILL-PRICE" USING CENTS " " PRICE
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE "; owed " PRICE
           CALL "SQ-BUFFER-GET" USING SQ-RESULT
               "/data/amounts/approved" CENTS
           CALL "TILL-PRICE" USING CENTS SQ-CURRENCY PRICE
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " of " PRICE
           CALL "TILL-SAY" USING "carts" ONE-LINE.

      *> What is asked for, as JSON: the builder of orders writes any.
       SHIP-GOODS.
           MOVE "ship" TO CHANGE-LABEL
           MOVE "SQ-SHIP" TO CHANGE-PROGRAM
           MOVE "/items" TO JSON-POINTER
           PERFORM CHANGE-ITEMS.
       REFUND-SALE.
           MOVE "refund" TO CHANGE-LABEL
           MOVE "SQ-REFUND" TO CHANGE-PROGRAM
           MOVE SPACES TO JSON-POINTER
           IF NO-AMOUNT
               PERFORM CHANGE-ITEMS
           ELSE
               CALL "SQ-ORDER-NEW" USING THE-TILL BUILDER SQ-RESULT
               MOVE AMOUNT-WORD TO ARGUMENT
               PERFORM CHECK-NUMBER
               CALL "SQ-ORDER-SET-INT" USING BUILDER "/amount"
                   NUMBER-GIVEN SQ-RESULT
               IF NOT NO-REASON
                   CALL "SQ-ORDER-SET-TEXT" USING BUILDER "/reason"
                       REASON SQ-RESULT
               END-IF
               PERFORM CHANGE-AS-BUILT
           END-IF.
       CANCEL-SALE.
           MOVE "cancel" TO CHANGE-LABEL
           MOVE "SQ-CANCEL" TO CHANGE-PROGRAM
           MOVE "N" TO CHANGE-JSON
           IF NOT NO-REASON
               MOVE "Y" TO CHANGE-JSON
               MOVE REASON TO ORDER-JSON
               MOVE 500 TO ORDER-BYTES
           END-IF
           PERFORM CHANGE-SALE.
       UPDATE-SALE.
           MOVE "update" TO CHANGE-LABEL
           MOVE "SQ-UPDATE-ORDER" TO CHANGE-PROGRAM
           MOVE MORE-NAMED TO FILE-TO-READ
           PERFORM READ-JSON-FILE
           IF ORDER-IS-READY
               MOVE "Y" TO CHANGE-JSON
               PERFORM CHANGE-SALE
           ELSE
               MOVE EXIT-USAGE TO RESULT-CODE
           END-IF.
      *> {"items":[{"reference":...,"quantity":...}, ...]}; none named:
      *> all of them.
       CHANGE-ITEMS.
           IF WORD-COUNT = 0
               MOVE "N" TO CHANGE-JSON
               PERFORM CHANGE-SALE
           ELSE
               CALL "SQ-ORDER-NEW" USING THE-TILL BUILDER SQ-RESULT
               PERFORM ADD-ITEM VARYING PLACE FROM 1 BY 1
                   UNTIL PLACE > WORD-COUNT OR NOT SQ-OK
               PERFORM CHANGE-AS-BUILT
           END-IF.
       ADD-ITEM.
           COMPUTE PLACE-SHOWN = PLACE - 1
           PERFORM FIND-EQUALS
           IF EQUALS-AT = 0
               MOVE WORD(PLACE) TO ANOTHER-VALUE
           ELSE
               MOVE WORD(PLACE)(1:EQUALS-AT - 1) TO ANOTHER-VALUE
           END-IF
           MOVE SPACES TO A-VALUE
           STRING "/items/" FUNCTION TRIM(PLACE-SHOWN) "/reference"
               DELIMITED BY SIZE INTO A-VALUE
           CALL "SQ-ORDER-SET-TEXT" USING BUILDER A-VALUE ANOTHER-VALUE
               SQ-RESULT
           IF SQ-OK AND EQUALS-AT > 0
               MOVE WORD(PLACE)(EQUALS-AT + 1:) TO ARGUMENT
               PERFORM CHECK-NUMBER
               MOVE SPACES TO A-VALUE
               STRING "/items/" FUNCTION TRIM(PLACE-SHOWN) "/quantity"
                   DELIMITED BY SIZE INTO A-VALUE
               CALL "SQ-ORDER-SET-INT" USING BUILDER A-VALUE
                   NUMBER-GIVEN SQ-RESULT
           END-IF.
       CHANGE-AS-BUILT.
           IF SQ-OK
               CALL "SQ-ORDER-JSON" USING BUILDER SQ-RESULT
           END-IF
           IF SQ-OK
               CALL "SQ-BUFFER-GET" USING SQ-RESULT JSON-POINTER
                   ORDER-JSON
               MOVE SQ-VALUE-STATUS TO SQ-STATUS
               MOVE SQ-VALUE-LENGTH TO ORDER-BYTES
           END-IF
           IF SQ-OK
               MOVE "Y" TO CHANGE-JSON
               CALL "SQ-ORDER-FREE" USING BUILDER SQ-RESULT
               PERFORM CHANGE-SALE
           ELSE
               DISPLAY "what is asked for cannot be written: "
                   SQ-STATUS-NAME UPON SYSERR
               CALL "SQ-ORDER-FREE" USING BUILDER SQ-RESULT
               MOVE EXIT-USAGE TO RESULT-CODE
           END-IF.

      *> ---- where a sale stands -------------------------------------
       SHOW-INFO.
           CALL "SQ-ORDER-INFO" USING THE-TILL SALE-NAMED SQ-RESULT
           CALL "TILL-SHOW" USING "info" SQ-RESULT
           PERFORM CODE-OF-STATUS
           MOVE STATUS-CODE TO RESULT-CODE
           IF SQ-OK
               PERFORM SHOW-SALE
               PERFORM SHOW-HISTORY
           END-IF.
       SHOW-SALE.
           PERFORM BEGIN-LINE
           IF SQ-ORDER-REF-1 = SPACES
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " "
                   SQ-ORDER-UUID
           ELSE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " "
                   SQ-ORDER-REF-1
           END-IF
           MOVE "/data/payment_method/product" TO JSON-POINTER
           PERFORM GET-UNLESS-NULL
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE ", form " A-VALUE
           MOVE "/order/portal_url" TO JSON-POINTER
           PERFORM GET-UNLESS-NULL
           CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE ", " A-VALUE
           CALL "TILL-SAY" USING "sale" ONE-LINE
      *>   Once it is confirmed:
           MOVE "/data/amounts/paid" TO JSON-POINTER
           PERFORM GET-UNLESS-NULL
           IF A-VALUE NOT = SPACES
               PERFORM SHOW-TOTALS
               MOVE "/data/unshipped_cart/items/" TO LIST-OF-RESULT
               MOVE "unshipped" TO LIST-SHOWN
               PERFORM SHOW-CART
               MOVE "/data/shipped_cart/items/" TO LIST-OF-RESULT
               MOVE "shipped" TO LIST-SHOWN
               PERFORM SHOW-CART
               MOVE "/data/amounts/paid" TO JSON-POINTER
               PERFORM GET-UNLESS-NULL
               CALL "TILL-PRICE" USING A-VALUE SQ-CURRENCY PRICE
               CALL "TILL-SAY" USING "paid out" PRICE
           END-IF.
       GET-UNLESS-NULL.
           CALL "SQ-BUFFER-GET" USING SQ-RESULT JSON-POINTER A-VALUE
           IF A-VALUE = "null"
               MOVE SPACES TO A-VALUE
           END-IF.
      *> "1 BIC-20 349,00; ENV-01 12,90"
       SHOW-CART.
           PERFORM BEGIN-LINE
           MOVE 0 TO PLACE
           PERFORM GET-CART-TOTAL
           PERFORM UNTIL CENTS = SPACES
               IF PLACE > 0
                   STRING "; " DELIMITED BY SIZE
                       INTO ONE-LINE POINTER NEXT-BYTE
               END-IF
               CALL "TILL-VALUE" USING SQ-RESULT
                   FUNCTION TRIM(LIST-OF-RESULT) PLACE "/quantity"
                   A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT
                   FUNCTION TRIM(LIST-OF-RESULT) PLACE "/reference"
                   ANOTHER-VALUE
               IF ANOTHER-VALUE = SPACES
      *>           Fees may have no reference.
                   CALL "TILL-VALUE" USING SQ-RESULT
                       FUNCTION TRIM(LIST-OF-RESULT) PLACE "/type"
                       ANOTHER-VALUE
               END-IF
               IF A-VALUE NOT = SPACES
                   STRING FUNCTION TRIM(A-VALUE) " " DELIMITED BY SIZE
                       INTO ONE-LINE POINTER NEXT-BYTE
               END-IF
               CALL "TILL-PRICE" USING CENTS " " PRICE
               STRING FUNCTION TRIM(ANOTHER-VALUE) " "
                   FUNCTION TRIM(PRICE) DELIMITED BY SIZE
                   INTO ONE-LINE POINTER NEXT-BYTE
               ADD 1 TO PLACE
               PERFORM GET-CART-TOTAL
           END-PERFORM
           IF PLACE = 0
               MOVE "nothing" TO ONE-LINE
           END-IF
           CALL "TILL-SAY" USING LIST-SHOWN ONE-LINE.
       GET-CART-TOTAL.
           CALL "TILL-VALUE" USING SQ-RESULT
               FUNCTION TRIM(LIST-OF-RESULT) PLACE "/total_with_tax"
               CENTS.
      *> What was attempted with it, oldest first.
       SHOW-HISTORY.
           MOVE "history" TO LIST-SHOWN
           MOVE 0 TO PLACE
           PERFORM GET-TIME
           PERFORM UNTIL A-VALUE = SPACES
               PERFORM BEGIN-LINE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/history/" PLACE
                   "/operation" A-VALUE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/history/" PLACE
                   "/status" A-VALUE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE " " A-VALUE
               CALL "TILL-VALUE" USING SQ-RESULT "/data/history/" PLACE
                   "/http/status" A-VALUE
               CALL "TILL-ADD" USING ONE-LINE NEXT-BYTE ", HTTP "
                   A-VALUE
               CALL "TILL-SAY" USING LIST-SHOWN ONE-LINE
               MOVE SPACES TO LIST-SHOWN
               ADD 1 TO PLACE
               PERFORM GET-TIME
           END-PERFORM.
       GET-TIME.
           CALL "TILL-VALUE" USING SQ-RESULT "/data/history/" PLACE
               "/at" A-VALUE.
