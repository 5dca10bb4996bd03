{ A till that reads the order from a JSON file: its command line. README.md says how to compile and use
  it; TillSale.pas is the sale, TillRecovery.pas what comes before it. }
program Till;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}
{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF FPC}{$IFDEF UNIX}{$IFDEF UNICODE}cwstring,{$ENDIF}{$ENDIF}{$ENDIF}
  SysUtils,
  Classes,
  SequraPosApi in 'SequraPosApi.pas',
  SequraPos in 'SequraPos.pas',
  TillScreen in 'TillScreen.pas',
  TillBook in 'TillBook.pas',
  TillWait in 'TillWait.pas',
  TillSale in 'TillSale.pas',
  TillAfterSale in 'TillAfterSale.pas',
  TillRecovery in 'TillRecovery.pas',
  TillRecords in 'TillRecords.pas';

type
  TTask = (tkSell, tkForm, tkConfirm, tkSetRef, tkRecover,     { what was left unfinished comes first }
    tkPending, tkAbandon, tkResolve, tkShip, tkRefund, tkCancel, tkUpdate, tkInfo, tkLog, tkDismiss, tkReconcile,
    tkReport, tkInstalments, tkSelfTest);

  { What the command line asks for. }
  TCommand = class
  private
    FNext: Integer;
    FIsWhole: Boolean;
    function Value: string;
    function IsTask(const Word: string): Boolean;
    procedure ReadWord(const Word: string);
    function IsSensible: Boolean;
  public
    Task: TTask;
    Config, Book: string;
    Product, Ticket: TSequraText;
    OrderFile: string;
    RefFirst, Quick, Yes: Boolean;
    { The first word that the task needs, and the second. }
    Name, More: string;
    { Those that may follow: items, or the sale whose log is meant. }
    Words: TStringList;
    Amount: string;
    Reason: TSequraText;
    { So many seconds the till asks seQura itself; empty: it does not. }
    Wait: string;
    constructor Create;
    destructor Destroy; override;
    { False if the command line makes no sense. }
    function Read: Boolean;
  end;

const
  TaskWords: array[TTask] of string = ('', '--form', '--confirm', '--set-ref', '--recover', '--pending',
    '--abandon', '--resolve', '--ship', '--refund', '--cancel', '--update', '--info', '--log', '--dismiss',
    '--reconcile', '--report', '--instalments', '--self-test');

  { So many words must follow it. }
  Needs: array[TTask] of Integer = (0, 1, 1, 2, 0, 0, 1, 2, 1, 1, 1, 2, 1, 0, 1, 0, 0, 1, 0);

constructor TCommand.Create;
begin
  inherited Create;
  Words := TStringList.Create;
  Book := 'sales.txt';
  Product := 'pp3';
end;

destructor TCommand.Destroy;
begin
  Words.Free;
  inherited Destroy;
end;

{ The argument that comes next; there must be one. }
function TCommand.Value: string;
begin
  FIsWhole := FIsWhole and (FNext <= ParamCount);
  Result := ParamStr(FNext);
  Inc(FNext);
end;

function TCommand.IsTask(const Word: string): Boolean;
var
  Wanted: TTask;
begin
  Result := False;
  for Wanted := tkForm to High(TTask) do
    if Word = TaskWords[Wanted] then
    begin
      Result := True;
      FIsWhole := FIsWhole and (Task = tkSell);       { one at a time }
      Task := Wanted;
    end;
end;

procedure TCommand.ReadWord(const Word: string);
begin
  if IsTask(Word) then
  begin
    if Needs[Task] > 0 then
      Name := Value;
    if Needs[Task] > 1 then
      More := Value;
  end
  else if Word = '--yes' then
    Yes := True
  else if Word = '--quick' then
    Quick := True
  else if Word = '--ref-first' then
    RefFirst := True
  else if (Copy(Word, 1, 1) <> '-') and (Task in [tkShip, tkRefund, tkLog, tkInstalments]) then
    Words.Add(Word)
  else if Copy(Word, 1, 1) <> '-' then
  begin
    FIsWhole := FIsWhole and (OrderFile = '');
    OrderFile := Word;
  end
  else if Word = '--product' then
    Product := Value
  else if Word = '--sales' then
    Book := Value
  else if Word = '--ref' then
    Ticket := Value
  else if Word = '--amount' then
    Amount := Value
  else if Word = '--reason' then
    Reason := Value
  else if Word = '--wait' then
    Wait := Value
  else
    FIsWhole := False;
end;

{ Whether what was given goes with what is to be done. }
function TCommand.IsSensible: Boolean;
var
  RefundsAmount: Boolean;
  Index: Integer;
begin
  RefundsAmount := (Task = tkRefund) and (Amount <> '');
  Result := (Amount = '') or (RefundsAmount and (Words.Count = 0) and IsNumber(Amount));
  if (Reason <> '') and not RefundsAmount and not (Task in [tkCancel, tkResolve]) then
    Result := False;
  if (Reason = '') and (Task = tkResolve) then
    Result := False;
  for Index := 0 to Words.Count - 1 do
    if not (Task in [tkLog, tkInstalments]) and not IsItem(Words[Index]) then
      Result := False;
  if (Task in [tkLog, tkInstalments]) and (Words.Count > 1) then
    Result := False;
  if (Task in [tkDismiss, tkInstalments]) and not IsNumber(Name) then
    Result := False;
  if (Wait <> '') and not (IsNumber(Wait) and (Length(Wait) <= 5)) then
    Result := False;
  if (Ticket <> '') and not IsTicket(Ticket) then
    Result := False;
  if (OrderFile = '') and ((Task = tkSell) or RefFirst) then
    Result := False;
end;

function TCommand.Read: Boolean;
begin
  Config := ParamStr(1);
  FIsWhole := (Config <> '') and (Config[1] <> '-');
  FNext := 2;
  while FIsWhole and (FNext <= ParamCount) do
    ReadWord(Value);
  if Task = tkSetRef then
    Ticket := More;
  Result := FIsWhole and IsSensible;
end;

function Usage: TOutcome;
const
  Lines: array[0..31] of string = (
    'usage: till CONFIG ORDER.json            sell it',
    '       till CONFIG --recover              finish what was left unfinished',
    '       till CONFIG --pending              what is unfinished, or still to be shipped',
    '       till CONFIG [ORDER.json] --form ORDER-URL     go on with the form',
    '       till CONFIG [ORDER.json] --confirm ORDER-URL  go on with the confirmation',
    '       till CONFIG --set-ref ORDER-URL NUMBER    go on with the reference',
    '       till CONFIG --abandon ORDER-URL    the shopper left: give it up',
    '       till CONFIG --resolve ORDER-URL OUTCOME --reason TEXT   somebody looked in seQura''s portal:',
    '              confirmed, or not_confirmed',
    'after the sale, which NUMBER names:',
    '       till CONFIG --ship NUMBER [ITEM[=QUANTITY] ...]     goods went out; none named: all that is left',
    '       till CONFIG --refund NUMBER [ITEM[=QUANTITY] ...]   goods came back; none named: all that went out',
    '       till CONFIG --refund NUMBER --amount CENTS [--reason TEXT]   so much is paid back',
    '       till CONFIG --cancel NUMBER [--reason TEXT]         nothing of the sale takes place',
    '       till CONFIG --update NUMBER CHANGES.json            carts, addresses, trackings',
    '       till CONFIG --info NUMBER                   where the sale stands',
    '       till CONFIG --log [NUMBER]                  what was asked of seQura; what needs attention first',
    '       till CONFIG --dismiss ENTRY                 an entry of the log is seen to',
    '       till CONFIG --reconcile                     the sales against seQura''s payouts',
    '       till CONFIG --report                        what was shipped since the last one; daily, even if nothing',
    '       till CONFIG --instalments CENTS [COUNTRY]   how much a month? before anything is sold',
    '       till CONFIG --self-test                     does everything work on this machine?',
    'options:',
    '  --ref NUMBER     the ticket number, seQura''s order_ref_1 (default: made of the time)',
    '  --ref-first      send it with the order: the confirmation then settles the sale',
    '  --product CODE   seQura''s product for the form (default: pp3)',
    '  --sales FILE     the till''s own book (default: sales.txt)',
    '  --yes            do not ask the operator: the shopper is approved',
    '  --wait SECONDS   ask seQura again and again instead, for so long; seQura has to agree to it',
    '  --quick          without looking at the account and its payment methods first',
    'exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, ask again;',
    '  5 this machine; 6 confirmed without its reference; 7 not approved yet');
var
  Index: Integer;
begin
  for Index := Low(Lines) to High(Lines) do
    WriteLn(ErrOutput, Lines[Index]);
  Result := ocUsage;
end;

{ Not needed for each sale (--quick leaves it out): does seQura know this shop, and what may its shoppers
  choose from? }
function CheckAccount(Till: TTill): TOutcome;
var
  Answer: ISequraResult;
  Line, Id, Step: TSequraText;
  Index: Integer;

  { What is there of the payment method, after Before. }
  function Also(const Before, Name: TSequraText; IsMoney: Boolean): TSequraText;
  begin
    Result := FieldAt(Answer, '/data/methods', Index, Name);
    if IsMoney and (Result <> '') then
      Result := Money(Result);
    if Result <> '' then
      Result := Before + Result;
  end;

begin
  Result := ocDone;
  Step := 'credentials';
  try
    Answer := Till.Client.CheckCredentials;
    Show(Step, Answer);
    Line := '';
    Index := 0;
    Id := FieldAt(Answer, '/data/merchants', Index, 'id');
    while Id <> '' do
    begin
      Line := Line + ', ' + Id + ' in ' + FieldAt(Answer, '/data/merchants', Index, 'country');
      Inc(Index);
      Id := FieldAt(Answer, '/data/merchants', Index, 'id');
    end;
    if Line <> '' then
      Say('merchants', Copy(Line, 3, MaxInt));
    Step := 'methods';
    Answer := Till.Client.PaymentMethods;
    Line := '';
    Index := 0;
    Id := FieldAt(Answer, '/data/methods', Index, 'product');
    while Id <> '' do
    begin
      Line := Line + '; ' + Id + Also(' ', 'title', False) + Also(', from ', 'min_amount', True)
        + Also(', up to ', 'max_amount', True);
      Inc(Index);
      Id := FieldAt(Answer, '/data/methods', Index, 'product');
    end;
    if Line <> '' then
      Say('methods', Copy(Line, 3, MaxInt));
  except
    on E: ESequra do
    begin
      Show(Step, E.Answer);
      Result := OutcomeOf(E);
    end;
  end;
end;

{ A sale that is taken up again has its URL and ticket number from the book. What the command line says
  goes before it, and a sale that the book does not know can still be finished: the library's journal
  has it. }
procedure LookUp(Till: TTill; Sale: TSale);
var
  Entries: TEntries;
  Known: Integer;
begin
  if Sale.Url = '' then
    Exit;
  Entries := Till.Book.Read;
  Known := FindEntry(Entries, Sale.Url);
  if Known < 0 then
    Exit;
  Sale.Url := Entries[Known].Url;
  if Sale.Ticket = '' then
    Sale.Ticket := Entries[Known].Ticket;
end;

{ The task itself. }
function Perform(Command: TCommand; Till: TTill; Sale: TSale): TOutcome;
begin
  Result := ocDone;
  case Command.Task of
    tkPending:
      begin
        Result := ShowUnshipped(Till);
        if Result = ocDone then
          ShowBook(Till);
      end;
    tkAbandon: Result := Sale.Abandon;
    tkResolve:
      begin
        Result := Sale.Resolve(Command.More, Command.Reason);
        if Result = ocDone then
          Result := Recover(Till, '');
      end;
    tkForm: Result := Sale.SendForm;
    tkConfirm: Result := Sale.Confirm;
    tkSetRef: Result := Sale.SetReference;
    tkShip: Result := Ship(Till, Command.Name, Command.Words);
    tkRefund:
      if Command.Amount <> '' then
        Result := RefundAmount(Till, Command.Name, StrToInt(Command.Amount), Command.Reason)
      else
        Result := Refund(Till, Command.Name, Command.Words);
    tkCancel: Result := Cancel(Till, Command.Name, Command.Reason);
    tkUpdate: Result := Update(Till, Command.Name, Command.More);
    tkInfo: Result := ShowSale(Till, Command.Name);
    tkLog:
      if Command.Words.Count > 0 then
        Result := ShowLog(Till, Command.Words[0])
      else
        Result := ShowLog(Till, '');
    tkDismiss: Result := Dismiss(Till, StrToInt(Command.Name));
    tkReconcile: Result := ShowPayouts(Till);
    tkReport: Result := Report(Till);
    tkInstalments:
      if Command.Words.Count > 0 then
        Result := Instalments(Till, StrToInt(Command.Name), Command.Words[0])
      else
        Result := Instalments(Till, StrToInt(Command.Name), '');
    tkSelfTest: Result := SelfTest(Till);
    tkSell:
      begin
        if not Command.Quick then
          Result := CheckAccount(Till);
        if Result = ocDone then
          Result := Sale.Start;
      end;
  end;
end;

function Enter(Command: TCommand; Till: TTill; Sale: TSale): TOutcome;
var
  Recovered: TOutcome;
  Recovers: Boolean;
begin
  Result := ocDone;
  { A change after the sale takes along what has no answer of its own order. Were that recovered first, a
    command that is given again for want of an answer would ship as many goods again. }
  Recovers := Command.Task <= tkRecover;
  { What was left unfinished comes first. Where it cannot be finished now, it stops no other sale. }
  if Recovers then
  begin
    Recovered := Recover(Till, Sale.Url);
    if Command.Task = tkRecover then
      Result := Recovered;
  end;
  if (Command.Task in [tkPending, tkRecover]) or (Recovers and not Command.Quick) then
  begin
    Recovered := ShowPending(Till);
    if Result = ocDone then
      Result := Recovered;
  end;
  if Result = ocDone then
    Result := Perform(Command, Till, Sale);
end;

function Run(Command: TCommand): TOutcome;
var
  Till: TTill;
  Sale: TSale;
begin
  Till := TTill.Create;
  Sale := TSale.Create(Till);
  try
    Till.Book := TBook.Create(Command.Book);
    Till.Product := Command.Product;
    try
      Till.Client := TSequraClient.CreateFromFile(Command.Config);
    except
      on E: ESequra do
      begin
        Show('open', E.Answer);
        Result := OutcomeOf(E);
        Exit;
      end;
    end;
    ShowProblems('warning', Till.Client.Opening.Warnings);
    if Command.Task in [tkForm, tkConfirm, tkSetRef, tkAbandon, tkResolve] then
      Sale.Url := Command.Name;
    Sale.Ticket := Command.Ticket;
    Sale.OrderFile := Command.OrderFile;
    Sale.RefFirst := Command.RefFirst;
    Sale.Attended := not Command.Yes;
    if (Command.Wait <> '') and (StrToInt(Command.Wait) > 0) then
      Sale.Wait := TWait.Create(StrToInt(Command.Wait));
    LookUp(Till, Sale);
    Result := Enter(Command, Till, Sale);
  finally
    Sale.Free;
    Till.Free;
  end;
end;

var
  Command: TCommand;
  Outcome: TOutcome;

begin
  Command := TCommand.Create;
  try
    try
      if Command.Read then
        Outcome := Run(Command)
      else
        Outcome := Usage;
    except
      on E: ETillFile do
      begin
        WriteLn(ErrOutput, 'till: ', E.Message);
        Outcome := ocUsage;
      end;
      on E: ESequra do
      begin
        Show('till', E.Answer);
        Outcome := OutcomeOf(E);
      end;
      on E: ESequraLibrary do
      begin
        WriteLn(ErrOutput, 'till: ', E.Message);
        Outcome := ocMachine;
      end;
    end;
  finally
    Command.Free;
  end;
  Halt(Ord(Outcome));
end.
