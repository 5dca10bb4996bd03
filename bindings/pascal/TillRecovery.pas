/// <summary>What a till does first when it is started: it finishes what it was killed in, or got no
/// answer to; and what it shows of that.</summary>
// The library's journal knows what seQura was asked, and Recover asks again what has no answer. The book
// knows what the shop has sold, and under which ticket number. Here the book is brought to where the
// order is, with the same steps as in a sale that nothing went wrong in.
unit TillRecovery;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

interface

uses
  SequraPos, TillSale;

/// <summary>Goes on with what is unfinished, and writes into the book what came of it. Asks the operator
/// nothing; where the operator has to act, it says how. The order that is named is left
/// alone.</summary>
function Recover(Till: TTill; const Named: TSequraText): TOutcome;

/// <summary>Shows what the library's journal holds that is not finished. Nothing is sent.</summary>
function ShowPending(Till: TTill): TOutcome;

/// <summary>Shows what is sold and still to be shipped: seQura pays what was shipped. Nothing is
/// sent.</summary>
function ShowUnshipped(Till: TTill): TOutcome;

/// <summary>Shows the sales of the book that something is due for.</summary>
procedure ShowBook(Till: TTill);

implementation

uses
  SequraPosApi, TillBook, TillAfterSale, TillScreen;

const
  Orders = '/data/orders';
  Unshipped = '/data/unshipped';

procedure SayEntry(const Caption: TSequraText; const Entry: TEntry; const Words: TSequraText);
begin
  Say(Caption, Entry.Ticket + ' ' + Price(Entry.Amount, Entry.Currency) + ' ' + Words);
end;

{ An order of a list: its uuid and its price. }
function OrderLine(const List: ISequraResult; Index: Integer): TSequraText;
begin
  Result := FieldAt(List, Orders, Index, 'uuid');
  if Result = '' then
    Result := '(its order URL has not come yet)';
  if FieldAt(List, Orders, Index, 'amount') <> '' then
    Result := Result + ' ' + Price(FieldAt(List, Orders, Index, 'amount'),
      FieldAt(List, Orders, Index, 'currency'));
end;

{ What the operator has to do for the order. }
procedure SayWhatIsDue(Sale: TSale; Next: TSequraNext);
begin
  case Next of
    nxSendForm: Sale.SayHowToGoOn('--form');
    nxConfirm, nxFixOrder: Sale.SayHowToGoOn('--confirm');
    nxSetOrderRef: Sale.SayHowToGoOn('--set-ref', 'NUMBER');
    nxChooseAnotherRef: Sale.SayHowToGoOn('--set-ref', 'ANOTHER-NUMBER');
  end;
end;

function NextAt(const List: ISequraResult; Index: Integer): TSequraNext;
begin
  Result := SequraNext(AnsiString(FieldAt(List, Orders, Index, 'next')));
end;

{ The order's place in a list; -1 if it is not there. }
function PlaceOf(const Url: TSequraText; const List: ISequraResult): Integer;
begin
  Result := 0;
  while FieldAt(List, Orders, Result, 'now') <> '' do
    if FieldAt(List, Orders, Result, 'url') = Url then
      Exit
    else
      Inc(Result);
  Result := -1;
end;

{ An order that the book does not have. One whose start has just been answered is nobody's: its form was
  never sent, and its basket is sold as a new order. Any other is for the operator. }
procedure SeeToStranger(Till: TTill; const Recovered: ISequraResult; Index: Integer);
var
  Sale: TSale;
begin
  Sale := TSale.Create(Till);
  try
    Sale.Url := FieldAt(Recovered, Orders, Index, 'url');
    if Sale.Url = '' then
      Exit;
    if (FieldAt(Recovered, Orders, Index, 'was') = 'soliciting')
      and (FieldAt(Recovered, Orders, Index, 'status') = 'SQ_OK') then
      try
        Till.Client.Abandon(Sale.Url);
        Say('', 'Nobody has its form: it is given up, and the basket is sold as a new order.');
        Exit;
      except
        on ESequra do ;       { then it is for the operator }
      end;
    SayWhatIsDue(Sale, NextAt(Recovered, Index));
  finally
    Sale.Free;
  end;
end;

{ Says what each order was and is: of those that changed, or that somebody has to do something for. }
procedure ShowRecovered(Till: TTill; const Named: TSequraText; const Entries: TEntries;
  const Recovered: ISequraResult);
var
  Index, Known: Integer;
  Was, Current, Url, Words: TSequraText;
  IsNamed, IsDone, IsChanging: Boolean;
begin
  Index := 0;
  Current := FieldAt(Recovered, Orders, Index, 'now');
  while Current <> '' do
  begin
    Was := FieldAt(Recovered, Orders, Index, 'was');
    Url := FieldAt(Recovered, Orders, Index, 'url');
    IsNamed := (Named <> '') and ((Url = Named) or (UuidOf(Url) = Named));
    Known := FindEntry(Entries, Url);
    IsChanging := (Known >= 0) and (Entries[Known].State = 'changing');
    IsDone := NextAt(Recovered, Index) = nxNone;
    Words := '';
    if IsChanging and IsDone then
      { What came of the change is said when the book is brought up to date. }
    else if (Was <> '') and (Was <> Current) then
      Words := Was + ', now ' + Current
    else if IsChanging and not IsNamed then
      Words := 'still changing'
    else if not IsNamed and not IsDone then
      Words := 'still ' + Current;
    if Words <> '' then
    begin
      if Known >= 0 then
        SayEntry('recover', Entries[Known], Words)
      else
      begin
        Say('recover', OrderLine(Recovered, Index) + ' ' + Words);
        if not IsNamed then
          SeeToStranger(Till, Recovered, Index);
      end;
    end;
    Inc(Index);
    Current := FieldAt(Recovered, Orders, Index, 'now');
  end;
end;

{ seQura's own words on what it refused: the library's log has them. }
procedure SayWhy(Till: TTill; const Answer: ISequraResult);
var
  Log: ISequraResult;
begin
  Log := Till.Client.Log('{"limit":1,"order":"' + Field(Answer, '/order/uuid') + '"}');
  if Field(Log, '/data/entries/0/description') <> '' then
    Say('', Field(Log, '/data/entries/0/description'));
end;

{ Writes into the book what has become of the sale, and finishes it where seQura has confirmed it. }
function BringUpToDate(Till: TTill; Sale: TSale; const Entry: TEntry;
  const Recovered: ISequraResult): TOutcome;
var
  Answer: ISequraResult;
  Place: Integer;
  Sent: TSequraText;
begin
  Result := ocDone;
  Place := PlaceOf(Entry.Url, Recovered);
  if (Place >= 0) and (NextAt(Recovered, Place) = nxRecover) then
    Exit;       { still no answer: it has just been tried }
  Sent := '';
  if Place >= 0 then
    Sent := FieldAt(Recovered, Orders, Place, 'status');
  try
    { By its name, for the whole order. Nothing of it waits for an answer now, so nothing is sent. }
    Answer := Till.Client.Recover(Sale.Url);
  except
    on E: ESequra do
    begin
      if E.Status = SQ_UNKNOWN_ORDER then
        SayEntry('recover', Entry, 'is not in this journal')
      else
      begin
        Show('recover', E.Answer);
        Result := OutcomeOf(E);
      end;
      Exit;
    end;
  end;
  if Entry.State = 'changing' then
  begin
    SayEntry('recover', Entry, 'was being changed');
    if (Place >= 0) and (Sent <> 'SQ_OK') then
      SayWhy(Till, Answer);
    Result := NoteChange(Till, Sale);
    Exit;
  end;
  case Answer.OrderState of
    osConfirmed, osSettled:
      begin
        if Answer.OrderState = osSettled then
          SayToOperator(Answer);
        if Entry.State = 'started' then
          Result := Sale.Complete(Answer)
        else
          Result := Sale.Register(Answer);
      end;
    osRefConflicted:
      begin
        SayToOperator(Answer);
        if Entry.State = 'started' then
          Sale.Note('completed', Answer);
        SayWhatIsDue(Sale, nxChooseAnotherRef);
        Result := ocNoReference;
      end;
    osAbandoned, osCancelled:
      Sale.Note(Field(Answer, '/order/state'), Answer);
  else
    if Sent = 'SQ_DUPLICATE_ORDER_REF' then
      Sale.SayAnotherNumber
    else if Sent = 'SQ_CONFLICT' then
    begin
      SayWhy(Till, Answer);
      SayToOperator(Answer);
      Sale.Note('refused', Answer);
    end
    else
    begin
      SayEntry('waiting', Entry, Field(Answer, '/order/state'));
      SayWhatIsDue(Sale, Answer.Next);
    end;
  end;
end;

{ The till at a sale of its book, alone: the operator has another shopper to serve. }
function TakeUp(Till: TTill; const Entry: TEntry; const Recovered: ISequraResult): TOutcome;
var
  Sale: TSale;
begin
  Sale := TSale.Create(Till);
  try
    Sale.Url := Entry.Url;
    Sale.Ticket := Entry.Ticket;
    Result := BringUpToDate(Till, Sale, Entry, Recovered);
  finally
    Sale.Free;
  end;
end;

function Recover(Till: TTill; const Named: TSequraText): TOutcome;
var
  Recovered: ISequraResult;
  Entries: TEntries;
  Index: Integer;
  Finished: TOutcome;
begin
  Result := ocDone;
  { A till with nothing unfinished is not slowed down. }
  if Till.Client.Opening.GetInt('/data/journal/pending') > 0 then
    try
      Recovered := Till.Client.Recover;
    except
      on E: ESequra do
      begin
        { What could be settled is settled all the same. }
        Recovered := E.Answer;
        Show('recover', Recovered);
        Result := OutcomeOf(E);
      end;
    end;
  Entries := Till.Book.Read;
  ShowRecovered(Till, Named, Entries, Recovered);
  { The book too: the till may have been killed when the journal was done and the book was not. }
  for Index := 0 to High(Entries) do
    if IsOpen(Entries[Index]) and (Entries[Index].Url <> Named) then
    begin
      Finished := TakeUp(Till, Entries[Index], Recovered);
      if Result = ocDone then
        Result := Finished;
    end;
end;

{ What Sums has in the currency of this order of the list, at its merchant; said once for each such pair. }
procedure ShowSum(const Caption: TSequraText; const Pending: ISequraResult; const Sums, List: TSequraText;
  Index: Integer);
var
  Currency, Merchant, Cents: TSequraText;
  Before: Integer;
begin
  Currency := FieldAt(Pending, List, Index, 'currency');
  Merchant := FieldAt(Pending, List, Index, 'merchant_id');
  for Before := 0 to Index - 1 do
    if (FieldAt(Pending, List, Before, 'currency') = Currency)
      and (FieldAt(Pending, List, Before, 'merchant_id') = Merchant) then
      Exit;
  Cents := Field(Pending, Sums + '/' + Currency + '/' + Merchant);
  if Cents <> '' then
    Say(Caption, Price(Cents, Currency));
end;

function ShowPending(Till: TTill): TOutcome;
var
  Pending: ISequraResult;
  Count, Index: Integer;
  Missing: TSequraText;
begin
  try
    Pending := Till.Client.Pending;
  except
    on E: ESequra do
    begin
      Show('pending', E.Answer);
      Result := OutcomeOf(E);
      Exit;
    end;
  end;
  Count := 0;
  Missing := FieldAt(Pending, Orders, Count, 'missing');
  while Missing <> '' do
  begin
    Say('pending', OrderLine(Pending, Count) + ' ' + FieldAt(Pending, Orders, Count, 'state')
      + ': needs ' + Missing);
    Inc(Count);
    Missing := FieldAt(Pending, Orders, Count, 'missing');
  end;
  for Index := 0 to Count - 1 do
    ShowSum('at risk', Pending, '/data/at_risk', Orders, Index);
  if Count = 0 then
    Say('pending', 'nothing: every sale with seQura is finished');
  Result := ocDone;
end;

function ShowUnshipped(Till: TTill): TOutcome;
var
  Pending: ISequraResult;
  Count, Index: Integer;
  Cents: TSequraText;
begin
  try
    Pending := Till.Client.Pending;
  except
    on E: ESequra do
    begin
      Result := OutcomeOf(E);
      Exit;
    end;
  end;
  Count := 0;
  Cents := FieldAt(Pending, Unshipped, Count, 'unshipped');
  while Cents <> '' do
  begin
    Say('to ship', FieldAt(Pending, Unshipped, Count, 'order_ref_1') + ' '
      + Price(Cents, FieldAt(Pending, Unshipped, Count, 'currency')));
    Inc(Count);
    Cents := FieldAt(Pending, Unshipped, Count, 'unshipped');
  end;
  for Index := 0 to Count - 1 do
    ShowSum('unshipped', Pending, '/data/unshipped_total', Unshipped, Index);
  Result := ocDone;
end;

procedure ShowBook(Till: TTill);
var
  Entries: TEntries;
  Index: Integer;
begin
  Entries := Till.Book.Read;
  for Index := 0 to High(Entries) do
    if IsOpen(Entries[Index]) then
      SayEntry('book', Entries[Index], Entries[Index].State);
end;

end.
