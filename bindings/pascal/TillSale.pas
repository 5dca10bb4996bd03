/// <summary>A sale paid with seQura, as a till without an address of its own sells: seQura cannot call
/// it, so the operator says when the shopper has been approved.</summary>
//
//     start ---> form ---> the operator: approved? ---> confirm ---> book ---> reference ---> receipt
//                                                          1           2           3
//
// 1, 2 and 3 are seQura's own numbers. Two rules carry the whole of it:
//
//   - the sale is completed in the till's book only after Confirm has come back without an exception;
//   - the goods go only when the order is settled: confirmed, and its reference registered.
//
// Whatever happens in between, a power cut included, the order's URL is in the book and the order is in
// the library's journal. From these two the till goes on when it is started again, see TillRecovery.pas;
// and a sale can be taken up again at any of its steps by hand.
unit TillSale;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

interface

uses
  SequraPos, SequraPosApi, TillBook, TillWait;

type
  /// <summary>What became of it: the exit statuses of the program.</summary>
  TOutcome = (
    /// <summary>Sold: confirmed, completed, registered; or what was asked for is done.</summary>
    ocDone,
    /// <summary>Wrong command line, or a file of the till's own cannot be used.</summary>
    ocUsage,
    /// <summary>The configuration, the order or the change is wrong; nothing was sent (1xxx).</summary>
    ocNotSent,
    /// <summary>seQura said no: nothing is sold, or changed (2xxx).</summary>
    ocRefused,
    /// <summary>Not known, or seQura was not reached: keep the goods, ask again (3xxx).</summary>
    ocNoAnswer,
    /// <summary>This machine's journal, or a bug of the library (4xxx, 9xxx).</summary>
    ocMachine,
    /// <summary>Confirmed, but seQura has no ticket number: keep the goods.</summary>
    ocNoReference,
    /// <summary>Left open: the shopper has not been approved yet.</summary>
    ocWaiting);

  /// <summary>The till: what every sale of it has in common.</summary>
  TTill = class
  public
    Client: TSequraClient;
    Book: TBook;
    /// <summary>seQura's product for the form.</summary>
    Product: TSequraText;
    constructor Create;
    destructor Destroy; override;
  end;

  /// <summary>The sale that the till is at. Each step goes on with those that come after it.</summary>
  TSale = class
  private
    FTill: TTill;
    function OrderJson: TSequraText;
    function WaitAndConfirm: TOutcome;
    function NotConfirmed(Failure: ESequra): TOutcome;
    function IsApproved: Boolean;
    function AnotherTicket: Boolean;
    procedure AdoptTicket(const Answer: ISequraResult);
    procedure PrintReceipt(const Answer: ISequraResult);
    function Settled(const Answer: ISequraResult): TOutcome;
  public
    /// <summary>The order at seQura.</summary>
    Url: TSequraText;
    /// <summary>Becomes seQura's order_ref_1; empty: the book's, or a new one.</summary>
    Ticket: TSequraText;
    /// <summary>The file with the order; empty: the order is as it was last sent.</summary>
    OrderFile: string;
    /// <summary>The ticket number goes with the order, not after the confirmation.</summary>
    RefFirst: Boolean;
    /// <summary>There is an operator at the till.</summary>
    Attended: Boolean;
    /// <summary>The till asks seQura itself whether the shopper is approved; nil: it does not.</summary>
    Wait: TWait;
    constructor Create(Till: TTill);
    destructor Destroy; override;
    function Start: TOutcome;
    function SendForm: TOutcome;
    function Confirm: TOutcome;
    function SetReference: TOutcome;
    function Abandon: TOutcome;
    /// <summary>Somebody has looked in seQura's portal: 'confirmed', or 'not_confirmed'.</summary>
    function Resolve(const Outcome, Reason: TSequraText): TOutcome;
    /// <summary>What comes after a confirmation that went well: it is not in the book yet.</summary>
    function Complete(const Answer: ISequraResult): TOutcome;
    /// <summary>The same when it is completed in the book.</summary>
    function Register(const Answer: ISequraResult): TOutcome;
    /// <summary>Writes into the book what the order in the answer has come to.</summary>
    procedure Note(const State: TSequraText; const Answer: ISequraResult);
    /// <summary>Says how the operator takes the sale up again later.</summary>
    procedure SayHowToGoOn(const Option: TSequraText; const More: TSequraText = '');
    /// <summary>The same where the ticket number that goes with the order is taken.</summary>
    procedure SayAnotherNumber;
  end;

function OutcomeOf(Failure: ESequra): TOutcome;

/// <summary>A whole file, as the text that the client takes.</summary>
function ReadText(const FileName: string): TSequraText;

/// <summary>Ticket numbers go into the order, the book and the screen as they are.</summary>
function IsTicket(const Text: TSequraText): Boolean;

implementation

uses
  SysUtils, Classes, TillScreen;

destructor TSale.Destroy;
begin
  Wait.Free;
  inherited Destroy;
end;

function OutcomeOf(Failure: ESequra): TOutcome;
begin
  if Failure is ESequraCall then
    Result := ocNotSent
  else if Failure is ESequraRefused then
    Result := ocRefused
  else if Failure is ESequraNoAnswer then
    Result := ocNoAnswer
  else
    Result := ocMachine;
end;

function IsTicket(const Text: TSequraText): Boolean;
var
  Index: Integer;
begin
  Result := Text <> '';
  for Index := 1 to Length(Text) do
    if (Text[Index] <= ' ') or (Text[Index] > '~') or (Text[Index] = '"') or (Text[Index] = '\') then
      Result := False;
end;

{ A real till takes the next number of its counter. }
function NewTicket: TSequraText;
begin
  Result := FormatDateTime('"T-"yyyymmdd"-"hhnnss', Now);
end;

{ What has no answer yet is found out by the till itself, for all such orders at once. }
procedure SayRecover;
begin
  Say('to go on', 'till CONFIG --recover; the next sale begins with it too');
end;

constructor TTill.Create;
begin
  inherited Create;
  Product := 'pp3';
end;

destructor TTill.Destroy;
begin
  Client.Free;
  Book.Free;
  inherited Destroy;
end;

constructor TSale.Create(Till: TTill);
begin
  inherited Create;
  FTill := Till;
end;

procedure TSale.SayHowToGoOn(const Option, More: TSequraText);
begin
  Say('to go on', TrimRight('till CONFIG ' + Option + ' ' + UuidOf(Url) + ' ' + More));
end;

procedure TSale.SayAnotherNumber;
begin
  SayHowToGoOn('--confirm', 'ORDER.json --ref-first --ref ANOTHER-NUMBER');
end;

procedure TSale.Note(const State: TSequraText; const Answer: ISequraResult);
begin
  if Answer.OrderUrl <> '' then       { the operator may have given the bare uuid }
    Url := Answer.OrderUrl;
  FTill.Book.Add(State, Ticket, Field(Answer, '/order/amount'), Field(Answer, '/order/currency'), Url);
  Say('book', Ticket + ' is now ' + State);
end;

{ ---- the order ---- }

function ReadText(const FileName: string): TSequraText;
var
  Stream: TFileStream;
  Bytes: TSequraBytes;
begin
  try
    Stream := TFileStream.Create(FileName, fmOpenRead or fmShareDenyWrite);
    try
      SetLength(Bytes, Stream.Size);
      if Bytes <> '' then
        Stream.ReadBuffer(Bytes[1], Length(Bytes));
    finally
      Stream.Free;
    end;
  except
    on E: EStreamError do
      raise ETillFile.Create('cannot read ' + FileName);
  end;
  { The byte order mark that some editors write. }
  if Copy(Bytes, 1, 3) = #$EF#$BB#$BF then
    Delete(Bytes, 1, 3);
  {$IFDEF UNICODE}
  SetCodePage(Bytes, 65001, False);
  {$ENDIF}
  Result := TSequraText(Bytes);
end;

{ Moves Place behind Wanted, which may have blanks before it. }
function PassOver(const Text, Wanted: TSequraText; var Place: Integer): Boolean;
var
  Start: Integer;
begin
  Start := Place;
  while (Start <= Length(Text)) and (Text[Start] <= ' ') do
    Inc(Start);
  Result := Copy(Text, Start, Length(Wanted)) = Wanted;
  if Result then
    Place := Start + Length(Wanted);
end;

{ The whole order, as it is at this moment; empty: as it was last sent. }
function TSale.OrderJson: TSequraText;
var
  Place: Integer;
  IsOrder: Boolean;
begin
  Result := '';
  if OrderFile = '' then
    Exit;
  Result := ReadText(OrderFile);
  if not RefFirst then
    Exit;
  { The one place where this till writes JSON itself; the ticket number has nothing to escape. }
  Place := 1;
  IsOrder := PassOver(Result, '{', Place);
  if IsOrder and PassOver(Result, '"order"', Place) then
    IsOrder := PassOver(Result, ':', Place) and PassOver(Result, '{', Place);
  if not IsOrder then
    raise ETillFile.Create(OrderFile + ' does not begin like an order');
  Insert('"merchant_reference":{"order_ref_1":"' + Ticket + '"},', Result, Place);
end;

{ ---- the operator ---- }

{ Has the operator choose another ticket number. }
function TSale.AnotherTicket: Boolean;
var
  Reply: TSequraText;
begin
  Result := False;
  while Attended and not Result do
  begin
    if not AskOperator('another ticket number for this sale:', Reply) then
      Exit;
    Result := IsTicket(Reply);
  end;
  if Result then
    Ticket := Reply;
end;

{ Whether the shopper says "approved", or it is time to ask seQura again. }
function TSale.IsApproved: Boolean;
var
  Reply: TSequraText;
begin
  if Wait <> nil then
  begin
    Result := Wait.ForRound;
    Exit;
  end;
  Result := not Attended;       { --yes }
  if Attended and AskOperator('does the shopper''s phone say approved? [Enter = yes, n = no]', Reply) then
    Result := UpperCase(Copy(Reply, 1, 1)) <> 'N';
end;

procedure TSale.PrintReceipt(const Answer: ISequraResult);
const
  Margin = '              ';
  Rule = Margin + '-------------------------------------------------------';
begin
  WriteLn(Rule);
  WriteLn(Margin, Format('Ticket %-20s %27s', [Ticket,
    Price(Field(Answer, '/order/amount'), Field(Answer, '/order/currency'))]));
  WriteLn(Margin, Format('Pagado con seQura   %35s', [Field(Answer, '/order/uuid')]));
  WriteLn(Rule);
end;

{ ---- the steps ---- }

function TSale.Start: TOutcome;
var
  Answer: ISequraResult;
begin
  if Ticket = '' then
    Ticket := NewTicket;
  try
    Answer := FTill.Client.StartSolicitation(OrderJson);
  except
    on E: ESequra do
    begin
      Show('start', E.Answer);
      Result := OutcomeOf(E);
      Exit;
    end;
  end;
  Show('start', Answer);
  { Before anything reaches the shopper, the till knows where the order is. }
  Note('started', Answer);
  Result := SendForm;
end;

{ The link to seQura's form goes to the shopper's mobile. The shopper fills it in, never the staff. }
function TSale.SendForm: TOutcome;
begin
  try
    Show('form', FTill.Client.SendForm(Url, FTill.Product));
  except
    on E: ESequra do
    begin
      Show('form', E.Answer);
      if (E is ESequraNoAnswer) or (E.Status = SQ_RATE_LIMITED) then
        SayHowToGoOn('--form');
      Result := OutcomeOf(E);
      Exit;
    end;
  end;
  Result := WaitAndConfirm;
end;

function TSale.WaitAndConfirm: TOutcome;
begin
  if IsApproved then
    Result := Confirm
  else
  begin
    Say('', 'The sale is left open; nothing is sold. When the shopper leaves: --abandon instead.');
    SayHowToGoOn('--confirm');
    Result := ocWaiting;
  end;
end;

{ Step 1 of the manual: the whole order once more, as it is at this moment, for seQura to say whether it
  is still the one that was approved. }
function TSale.Confirm: TOutcome;
var
  Answer: ISequraResult;
begin
  try
    Answer := FTill.Client.Confirm(Url, OrderJson);
  except
    on E: ESequra do
    begin
      Show('confirm', E.Answer);
      Result := NotConfirmed(E);
      Exit;
    end;
  end;
  Show('confirm', Answer);
  Result := Complete(Answer);
end;

function TSale.NotConfirmed(Failure: ESequra): TOutcome;
begin
  Result := OutcomeOf(Failure);
  if (Failure.Code = ecNotApproved) or ((Wait <> nil) and (Failure.Status = SQ_RATE_LIMITED)) then
  begin
    Result := ocWaiting;
    if (Attended or (Wait <> nil)) and IsApproved then
      Result := Confirm
    else
      SayHowToGoOn('--confirm');
  end
  else if Failure is ESequraDuplicateOrderRef then
  begin
    if RefFirst and AnotherTicket then
      Result := Confirm
    else
      SayAnotherNumber;
  end
  else if Failure is ESequraNoAnswer then
  begin
    Say('', 'Nothing is completed and nothing is off: keep the goods, take no other payment.');
    SayRecover;
  end
  else if Failure is ESequraRefused then
  begin
    Say('', 'Nothing is completed and no ticket number is sent: this sale does not take place.');
    if (Failure.Answer.OrderState = osConflicted) and (Ticket <> '') then
      Note('refused', Failure.Answer);
  end;
end;

{ Step 2 of the manual: only after a confirmation is the sale completed in the till's book. }
function TSale.Complete(const Answer: ISequraResult): TOutcome;
begin
  AdoptTicket(Answer);
  if Ticket = '' then
    Ticket := NewTicket;
  Note('completed', Answer);
  Result := Register(Answer);
end;

function TSale.Register(const Answer: ISequraResult): TOutcome;
begin
  if Answer.OrderState = osSettled then
    Result := Settled(Answer)
  else
    Result := SetReference;
end;

{ Step 3 of the manual: seQura learns the ticket number. Without it, it never pays the shop. }
function TSale.SetReference: TOutcome;
var
  Answer: ISequraResult;
begin
  try
    Answer := FTill.Client.SetOrderRef(Url, Ticket);
  except
    on E: ESequra do
    begin
      Show('reference', E.Answer);
      Result := OutcomeOf(E);
      if (E is ESequraDuplicateOrderRef) and AnotherTicket then
        Result := SetReference
      else if E.Answer.OrderState in [osConfirmed, osReferencing, osRefConflicted] then
      begin
        Say('', 'The sale stands and seQura has no ticket number for it: keep the goods until it has.');
        if E is ESequraDuplicateOrderRef then
          SayHowToGoOn('--set-ref', 'ANOTHER-NUMBER')
        else
          SayRecover;
        Result := ocNoReference;
      end;
      Exit;
    end;
  end;
  Show('reference', Answer);
  Result := Settled(Answer);
end;

{ A settled order has the ticket number that seQura has: it may have been settled long ago. }
procedure TSale.AdoptTicket(const Answer: ISequraResult);
begin
  if (Answer.OrderState = osSettled) and (Field(Answer, '/order/order_ref_1') <> '') then
    Ticket := Field(Answer, '/order/order_ref_1');
end;

{ seQura has the ticket number: the end of the sale. }
function TSale.Settled(const Answer: ISequraResult): TOutcome;
begin
  AdoptTicket(Answer);
  Note('registered', Answer);
  PrintReceipt(Answer);
  Result := ocDone;
end;

{ The shopper left. }
function TSale.Abandon: TOutcome;
var
  Answer: ISequraResult;
begin
  try
    Answer := FTill.Client.Abandon(Url);
  except
    on E: ESequra do
    begin
      Show('abandon', E.Answer);
      Result := OutcomeOf(E);
      Exit;
    end;
  end;
  Show('abandon', Answer);
  if Ticket <> '' then
    Note('abandoned', Answer);
  Result := ocDone;
end;

function TSale.Resolve(const Outcome, Reason: TSequraText): TOutcome;
begin
  Result := ocDone;
  try
    Show('resolve', FTill.Client.Resolve(Url, Outcome, Reason));
  except
    on E: ESequra do
    begin
      Show('resolve', E.Answer);
      Result := OutcomeOf(E);
    end;
  end;
end;

end.
