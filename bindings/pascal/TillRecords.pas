/// <summary>What the shop's office and support look at and do: the transaction log, the payouts, the
/// delivery report, the self-test.</summary>
unit TillRecords;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

interface

uses
  SequraPos, TillSale;

/// <summary>What was asked of seQura and what it said, of one sale or of all (Named is empty): what needs
/// attention first, with seQura's words and what can be done, then the newest, 20 entries in all.
/// Nothing is sent.</summary>
function ShowLog(Till: TTill; const Named: TSequraText): TOutcome;

/// <summary>An entry of the log has been seen to.</summary>
function Dismiss(Till: TTill; Entry: Int64): TOutcome;

/// <summary>The settled sales, held against what seQura has paid out.</summary>
function ShowPayouts(Till: TTill): TOutcome;

/// <summary>Tells seQura what was shipped since the last time: once a day, even if it is
/// nothing.</summary>
function Report(Till: TTill): TOutcome;

/// <summary>Does everything that a sale needs work on this machine?</summary>
function SelfTest(Till: TTill): TOutcome;

/// <summary>How much a month? Shown is the whole of an offer, with its cost, or nothing of it. Country: '' for every
/// configured merchant.</summary>
function Instalments(Till: TTill; Cents: Int64; const Country: TSequraText): TOutcome;

implementation

uses
  TillScreen;

{ ---- the transaction log ---- }

const
  Entries = '/data/entries';

{ What can be done about an entry: a word of /next, and to dismiss it. }
procedure ShowActions(const Log: ISequraResult; Index: Integer);
var
  Line, Action: TSequraText;
  Number: Integer;
begin
  Line := '';
  Number := 0;
  Action := FieldAt(Log, Entries, Index, 'actions/0');
  while Action <> '' do
  begin
    if Action = 'dismiss' then
      Action := '--dismiss ' + FieldAt(Log, Entries, Index, 'id');
    if Line <> '' then
      Line := Line + ', or ';
    Line := Line + Action;
    Inc(Number);
    Action := FieldAt(Log, Entries, Index, Place('actions', Number));
  end;
  if Line <> '' then
    Say('', 'to do: ' + Line);
end;

procedure ShowEntry(const Log: ISequraResult; Index: Integer; const Id: TSequraText);
var
  Sale, Words: TSequraText;
  IsWanting: Boolean;
begin
  { By its ticket number, or by its uuid while it has none. A delivery report is about no order. }
  Sale := FieldAt(Log, Entries, Index, 'order/order_ref_1');
  if Sale = '' then
    Sale := FieldAt(Log, Entries, Index, 'order/uuid');
  IsWanting := FieldAt(Log, Entries, Index, 'needs_attention') = 'true';
  Words := Id + After(' ', Sale) + ' ' + FieldAt(Log, Entries, Index, 'operation') + ' '
    + FieldAt(Log, Entries, Index, 'status')
    + After(', HTTP ', FieldAt(Log, Entries, Index, 'http/status'));
  if IsWanting then
    Say('attention', Words)
  else
    Say('log', Words);
  Words := FieldAt(Log, Entries, Index, 'description');
  if Words <> '' then
    Say('', Words);
  if IsWanting then
    ShowActions(Log, Index);
end;

function ShowLog(Till: TTill; const Named: TSequraText): TOutcome;
var
  Query: TSequraOrder;
  Log: ISequraResult;
  Index: Integer;
  Id: TSequraText;
begin
  { A query is JSON too, and the builder of orders writes any. }
  Query := TSequraOrder.Create(Till.Client);
  try
    Query.SetInt('/limit', 20);
    if Named <> '' then
      Query.SetText('/order', Named);
    try
      Log := Till.Client.Log(Query.Json);
    except
      on E: ESequra do
      begin
        Show('log', E.Answer);
        Result := OutcomeOf(E);
        Exit;
      end;
    end;
  finally
    Query.Free;
  end;
  Index := 0;
  Id := FieldAt(Log, Entries, Index, 'id');
  if Id = '' then
    Say('log', 'nothing');
  while Id <> '' do
  begin
    ShowEntry(Log, Index, Id);
    Inc(Index);
    Id := FieldAt(Log, Entries, Index, 'id');
  end;
  Result := ocDone;
end;

function Dismiss(Till: TTill; Entry: Int64): TOutcome;
begin
  Result := ocDone;
  try
    Show('dismiss', Till.Client.LogDismiss(Entry));
  except
    on E: ESequra do
    begin
      Show('dismiss', E.Answer);
      Result := OutcomeOf(E);
    end;
  end;
end;

{ ---- the payouts ---- }

{ The entries of one kind, in one line: each with what is owed and, where it says so, what was paid. }
procedure ShowKind(const Answer: ISequraResult; const Caption, Kind, Owed, Paid: TSequraText);
var
  Line, Number: TSequraText;
  Index: Integer;

  function Sum(const Before, Name: TSequraText): TSequraText;
  begin
    Result := '';
    if Before <> '' then
      Result := Before + Price(FieldAt(Answer, Kind, Index, Name),
        FieldAt(Answer, Kind, Index, 'currency'));
  end;

begin
  Line := '';
  Index := 0;
  Number := FieldAt(Answer, Kind, Index, 'order_ref_1');
  while Number <> '' do
  begin
    if Line <> '' then
      Line := Line + '; ';
    Line := Line + Number + Sum(Owed, 'amount') + Sum(Paid, 'paid');
    Inc(Index);
    Number := FieldAt(Answer, Kind, Index, 'order_ref_1');
  end;
  if Line <> '' then
    Say(Caption, Line);
end;

function ShowPayouts(Till: TTill): TOutcome;
var
  Answer: ISequraResult;
begin
  Result := ocDone;
  try
    Answer := Till.Client.Reconcile;
  except
    on E: ESequra do
    begin
      Answer := E.Answer;       { it compares with what was read before }
      Result := OutcomeOf(E);
    end;
  end;
  Show('reconcile', Answer);
  ShowKind(Answer, 'paid', '/data/paid', ' ', '');
  ShowKind(Answer, 'differing', '/data/differing', ' ', ', but paid ');
  ShowKind(Answer, 'not paid', '/data/not_yet_paid', ' ', '');
  ShowKind(Answer, 'unknown', '/data/unknown_here', '', ' ');      { paid, and sold by another till }
end;

{ ---- the delivery report ---- }

function Report(Till: TTill): TOutcome;
const
  Reports = '/data/reports';
var
  Answer: ISequraResult;
  Merchant: TSequraText;
  Index: Integer;
begin
  Result := ocDone;
  try
    Answer := Till.Client.SendDeliveryReport;
  except
    on E: ESequra do
    begin
      Answer := E.Answer;       { one merchant's failure does not keep the others' from being sent }
      Result := OutcomeOf(E);
    end;
  end;
  Show('report', Answer);
  Index := 0;
  Merchant := FieldAt(Answer, Reports, Index, 'merchant_id');
  while Merchant <> '' do
  begin
    Say('told', Merchant + After(', orders shipped: ', FieldAt(Answer, Reports, Index, 'orders'))
      + After(': ', FieldAt(Answer, Reports, Index, 'status')));
    Inc(Index);
    Merchant := FieldAt(Answer, Reports, Index, 'merchant_id');
  end;
end;

{ ---- how much a month ---- }

function Instalments(Till: TTill; Cents: Int64; const Country: TSequraText): TOutcome;
var
  Answer: ISequraResult;
begin
  Result := ocDone;
  try
    Answer := Till.Client.CreditAgreements(Cents, Country);
  except
    on E: ESequra do
    begin
      Answer := E.Answer;
      Result := OutcomeOf(E);
    end;
  end;
  Show('instalments', Answer);
  if Field(Answer, '/data/from_cache') = 'true' then
    Say('as of', Field(Answer, '/data/as_of'));
end;

{ ---- the self-test ---- }

function SelfTest(Till: TTill): TOutcome;
const
  Tests = '/data/tests';
var
  Answer: ISequraResult;
  Row: TSequraText;
  Index: Integer;
begin
  Result := ocDone;
  try
    Answer := Till.Client.SelfTest;
  except
    on E: ESequra do
    begin
      Answer := E.Answer;       { it has all the rows }
      Result := OutcomeOf(E);
    end;
  end;
  Show('self-test', Answer);      { why a row failed is among the errors, or the warnings }
  Index := 0;
  Row := FieldAt(Answer, Tests, Index, 'name');
  while Row <> '' do
  begin
    Row := Row + After(', of ', FieldAt(Answer, Tests, Index, 'detail/host'))
      + After(', seconds fast: ', FieldAt(Answer, Tests, Index, 'detail/skew_s'))
      + After(', ms for a durable write: ', FieldAt(Answer, Tests, Index, 'detail/durable_write_ms'));
    if FieldAt(Answer, Tests, Index, 'ok') = 'true' then
      Say('well', Row)
    else
      Say('NOT WELL', Row);
    Inc(Index);
    Row := FieldAt(Answer, Tests, Index, 'name');
  end;
end;

end.
