{ What only Pascal can show: objects closed and let go of in any order, threads, texts, and floating-point
  exceptions, which Delphi has raised. The last line is "N passed, 0 failed". }
program own_tests;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

uses
  {$IFDEF UNIX}cthreads,{$IFDEF UNICODE}cwstring,{$ENDIF}{$ENDIF}
  BaseUnix, Classes, Math, Process, SysUtils, fphttpclient, SequraPos, SequraPosApi;

type
  EFailed = class(Exception);
  TTest = procedure;

  { Does the same thing many times in a thread of its own; keeps what went wrong. }
  TWorker = class(TThread)
  private
    FClient: TSequraClient;
    FMine: TSequraText;
    FProblem: string;
    FUsed: Integer;
  protected
    procedure Execute; override;
  public
    constructor Create(Client: TSequraClient; Number: Integer);
  end;

const
  { What Spanish words of a kind end in, as GivenNames and so on are written. }
  Accented: TSequraText = 'ci'#$00F3'n';

  { Íñigo Muñoz Güell, C/ de la Concepción 3, 1º: in Windows-1252 where texts are bytes, and the
    same characters where they are Unicode. }
  GivenNames = #$00CD#$00F1'igo';
  Surnames = 'Mu'#$00F1'oz G'#$00FC'ell';
  Address = 'C/ de la Concepci'#$00F3'n 3, 1'#$00BA;
  { The same in the JSON of a seQura, which is UTF-8 and sent as escapes or not. }
  Utf8Surnames = 'Mu'#$C3#$B1'oz G'#$C3#$BC'ell';
  Utf8Address = 'C/ de la Concepci'#$C3#$B3'n 3, 1'#$C2#$BA;

var
  Passed, Failed: Integer;
  Folder: string;

procedure Expect(Condition: Boolean; const What: string);
begin
  if not Condition then
    raise EFailed.Create(What);
end;

procedure ExpectNothingLeft;
begin
  Expect(TSequraLibrary.LiveHandles = 0, IntToStr(TSequraLibrary.LiveHandles) + ' handles are left');
end;

function Config(const More: TSequraText = ''): TSequraText;
begin
  Result := '{"base_url": "' + TSequraText(GetEnvironmentVariable('SEQURA_SIMULATOR_URL'))
    + '", "account_key": "sandbox_key", "account_secret": "sandbox_secret", "proxy": "none",'
    + ' "merchants": {"ES": "shop_es"}, "language": "es"' + More + ', "journal": ';
  if Pos('windows-1252', More) > 0 then
    Result := Result + '"' + TSequraText(Folder) + '1252.journal"}'
  else
    Result := Result + '":memory:"}';
end;

{ ---- lifetimes ---- }

procedure ResultsOfEveryOrder;
var
  Client: TSequraClient;
  One, Two: ISequraResult;
begin
  Client := TSequraClient.Create(Config);
  One := Client.Echo('one');
  Two := Client.Echo('two');
  Client.Pending;
  Expect(One.Get('/data/text') = 'one', 'each call has its own');
  One := nil;
  Client.Free;
  Expect(Two.Get('/data/text') = 'two', 'a result outlives its client');
  Two := TSequraLibrary.Echo('three');
  Expect(Two.Get('/data/text') = 'three', 'a result replaces another');
  Two := nil;
end;

procedure ClosedClients;
var
  Client: TSequraClient;
  Order: TSequraOrder;
  Errors: Integer;
begin
  Client := TSequraClient.Create(Config);
  Order := TSequraOrder.Create(Client);
  try
    Client.Close;
    Client.Close;
    Expect(Client.Opening = nil, 'a closed client has nothing of the opening');
    Errors := 0;
    try Client.Pending; except on E: ESequraUsage do Inc(Errors); end;
    try Client.Confirm('x'); except on E: ESequraUsage do Inc(Errors); end;
    try Client.LogDismiss(1); except on E: ESequraUsage do Inc(Errors); end;
    try Client.Echo('x'); except on E: ESequraUsage do Inc(Errors); end;
    try TSequraOrder.Create(Client).Free; except on E: ESequraUsage do Inc(Errors); end;
    Expect(Errors = 5, 'every use of a closed client is ESequraUsage');
    Order.SetText('/x', 'an order outlives its client');
  finally
    FreeAndNil(Order);
    FreeAndNil(Client);
    FreeAndNil(Client);
  end;
end;

procedure ClosedOrders;
var
  Order: TSequraOrder;
  Errors: Integer;
begin
  Order := TSequraOrder.Create;
  try
    Order.Close;
    Order.Close;
    Errors := 0;
    try Order.SetText('/x', 'x'); except on E: ESequraUsage do Inc(Errors); end;
    try Order.SetInt('/x', 1); except on E: ESequraUsage do Inc(Errors); end;
    try Order.SetFlag('/x', True); except on E: ESequraUsage do Inc(Errors); end;
    try Order.AddItem(itProduct, 'x', 'x', 1, 1, 1); except on E: ESequraUsage do Inc(Errors); end;
    try Order.Json; except on E: ESequraUsage do Inc(Errors); end;
    Expect(Errors = 5, 'every use of a closed order is ESequraUsage');
  finally
    Order.Free;
  end;
end;

procedure FailuresLeaveNothing;
var
  Client: TSequraClient;
  Kept: ISequraResult;
  Round: Integer;
begin
  Client := nil;
  for Round := 1 to 3 do
    try
      Client := TSequraClient.Create('{"fantasy": 1}');
      Expect(False, 'a bad configuration is refused');
    except
      on E: ESequraCall do
      begin
        Expect(E.Status = SQ_INVALID_CONFIG, 'its status');
        Expect(E.StatusName = 'SQ_INVALID_CONFIG', 'its name');
        Expect(Length(E.Errors) > 1, 'every problem');
        Expect(E.Next = nxFixConfiguration, 'what to do');
        Expect((E.OperatorMessage <> '') and (E.Message <> ''), 'a message for the operator');
        Kept := E.Answer;
      end;
    end;
  Expect(Client = nil, 'no client');
  Expect(Kept.Status = SQ_INVALID_CONFIG, 'the result outlives the exception');
  Kept := nil;
  try
    TSequraClient.CreateFromFile('no/such/file.json');
    Expect(False, 'no such file');
  except
    on E: ESequraCall do
      Expect(E.Code = ecFileUnreadable, 'a file that cannot be read');
  end;
end;

procedure FreedInAnyOrder;
var
  Clients: array[0..2] of TSequraClient;
  Orders: array[0..2] of TSequraOrder;
  Results: array[0..2] of ISequraResult;
  Index: Integer;
begin
  for Index := 0 to 2 do
  begin
    Clients[Index] := TSequraClient.Create(Config);
    Orders[Index] := TSequraOrder.Create(Clients[Index]);
    Results[Index] := Clients[Index].Pending;
  end;
  Expect(TSequraLibrary.LiveHandles = 12, 'three of each, and three openings');
  Clients[1].Free;
  Results[0] := nil;
  Orders[2].Free;
  Clients[0].Free;
  Orders[0].Free;
  Expect(Results[1].Operation = opPending, 'one that is still held');
  Orders[1].Free;
  Clients[2].Free;
end;

{ ---- threads ---- }

constructor TWorker.Create(Client: TSequraClient; Number: Integer);
begin
  FClient := Client;
  FMine := TSequraText('thread ' + IntToStr(Number));
  inherited Create(False);
end;

procedure TWorker.Execute;
var
  Round: Integer;
  Order: TSequraOrder;
begin
  try
    for Round := 1 to 100 do
    begin
      Expect(FClient.Echo(FMine).Get('/data/text') = FMine, 'another thread''s answer');
      Order := TSequraOrder.Create(FClient);
      try
        Order.SetText('/x', FMine);
        Expect(Order.Json = '{"x":"' + FMine + '"}', 'another thread''s order');
      finally
        Order.Free;
      end;
      Inc(FUsed);
    end;
  except
    { Closed by another thread: before the call, or in it. }
    on E: ESequraUsage do ;
    on E: ESequra do
      if E.Status <> SQ_INVALID_HANDLE then
        FProblem := E.ClassName + ' ' + E.Message;
    on E: Exception do
      FProblem := E.ClassName + ' ' + E.Message;
  end;
end;

procedure Threads(Closes: Boolean);
var
  Client: TSequraClient;
  Workers: array[0..7] of TWorker;
  Index, Used: Integer;
  Problem: string;
begin
  Problem := '';
  Client := TSequraClient.Create(Config);
  for Index := 0 to 7 do
    Workers[Index] := TWorker.Create(Client, Index);
  if Closes then
    Client.Close;
  Used := 0;
  for Index := 0 to 7 do
  begin
    Workers[Index].WaitFor;
    Problem := Problem + Workers[Index].FProblem;
    Inc(Used, Workers[Index].FUsed);
    Workers[Index].Free;
  end;
  Client.Free;
  Expect(Problem = '', Problem);
  Expect(Closes or (Used = 800), 'every round of every thread');
end;

procedure OneClientManyThreads;
begin
  Threads(False);
end;

procedure ClosedUnderThreads;
begin
  Threads(True);
end;

{ ---- texts and numbers ---- }

procedure TextsWithNul;
var
  Client: TSequraClient;
  Order: TSequraOrder;
  Errors: Integer;
begin
  Client := TSequraClient.Create(Config);
  Order := TSequraOrder.Create(Client);
  try
    Errors := 0;
    try TSequraClient.Create('{}'#0); except on E: ESequraUsage do Inc(Errors); end;
    try TSequraClient.CreateFromFile('x'#0'y'); except on E: ESequraUsage do Inc(Errors); end;
    try Client.Echo('a'#0'b'); except on E: ESequraUsage do Inc(Errors); end;
    try TSequraLibrary.Echo(#0); except on E: ESequraUsage do Inc(Errors); end;
    try Client.OrderInfo('R-1'#0); except on E: ESequraUsage do Inc(Errors); end;
    try Client.Confirm('x', '{}'#0); except on E: ESequraUsage do Inc(Errors); end;
    try Client.SetOrderRef('x', 'y', #0); except on E: ESequraUsage do Inc(Errors); end;
    try Client.Opening.Get('/status'#0); except on E: ESequraUsage do Inc(Errors); end;
    try Order.SetText('/a'#0, 'x'); except on E: ESequraUsage do Inc(Errors); end;
    try Order.SetText('/a', 'x'#0); except on E: ESequraUsage do Inc(Errors); end;
    try Order.AddItem(itProduct, 'x', 'y'#0, 1, 1, 1); except on E: ESequraUsage do Inc(Errors); end;
    Expect(Errors = 11, 'refused, not cut: ' + IntToStr(Errors) + ' of 11');
    Expect(Order.Json = '{}', 'nothing of it arrived');
  finally
    Order.Free;
    Client.Free;
  end;
end;

procedure NumbersOf64Bits;
var
  Order: TSequraOrder;
begin
  Order := TSequraOrder.Create;
  try
    Order.SetInt('/least', Low(Int64));
    Order.SetInt('/most', High(Int64));
    Order.SetFlag('/yes', True);
    Order.SetFlag('/no', False);
    Order.AddItem(itDiscount, 'R', 'N', 0, 0, -4711000000001);
    Order.AddItem('', 'R', 'N', 3000000000, 5000000000, 7000000000);
    Expect(Order.Json = '{"cart":{"items":[{"name":"N","reference":"R","total_with_tax":-4711000000001,'
      + '"type":"discount"},{"downloadable":false,"name":"N","price_with_tax":5000000000,'
      + '"quantity":3000000000,"reference":"R","total_with_tax":7000000000}]},'
      + '"least":-9223372036854775808,"most":9223372036854775807,"no":false,"yes":true}',
      string(Order.Json));
  finally
    Order.Free;
  end;
end;

procedure ValuesOfResults;
var
  Answer: ISequraResult;
  Value: TSequraText;
begin
  Answer := TSequraLibrary.Echo('x');
  Expect(Answer.Status = SQ_OK, 'status');
  Expect(Answer.Operation = opEcho, 'operation');
  Expect(Answer.Next = nxNone, 'next');
  Expect(Answer.OrderUrl = '', 'no order');
  Expect(Answer.OrderState = osUnknown, 'no state');
  Expect(Answer.GetInt('/data/bytes') = 1, 'a number');
  Expect(Answer.Get('/order') = 'null', 'null as JSON has it');
  Expect(not Answer.TryGet('/order', Value) and (Value = ''), 'null is nothing');
  Expect(not Answer.TryGet('/fantasy', Value), 'nothing is nothing');
  Expect(Length(Answer.Errors) + Length(Answer.Warnings) = 0, 'no problems');
  Expect(Length(Answer.Get('')) = Length(Answer.Json), 'the whole');
  try
    Answer.Get('/fantasy');
    Expect(False, 'nothing there');
  except
    on E: ESequraCall do
      Expect((E.Status = SQ_INVALID_ARGUMENT) and (E.Answer = nil), 'no result of its own');
  end;
  Expect(SequraNext('fantasy') = nxUnknown, 'a word of a later library');
end;

{ The order that both tills below sell, without JSON. }
function LegacyOrder(Client: TSequraClient; const Ticket: TSequraText): TSequraText;
const
  Blocks: array[0..1] of TSequraText = ('/delivery_address', '/invoice_address');
var
  Order: TSequraOrder;
  Index: Integer;
begin
  Order := TSequraOrder.Create(Client);
  try
    Order.AddItem(itProduct, 'CAM-01', 'Camisa a'#$00F1'il', 2, 3000, 6000);
    Order.AddItem(itDiscount, 'REB', 'Rebaja de oto'#$00F1'o', 0, 0, -500);
    Order.SetText('/cart/currency', 'EUR');
    Order.SetFlag('/cart/gift', False);
    Order.SetInt('/cart/order_total_with_tax', 5500);
    Order.SetText('/merchant_reference/order_ref_1', Ticket);
    Order.SetText('/delivery_method/name', 'Recogida en tienda');
    for Index := 0 to 1 do
    begin
      Order.SetText(Blocks[Index] + '/given_names', GivenNames);
      Order.SetText(Blocks[Index] + '/surnames', Surnames);
      Order.SetText(Blocks[Index] + '/company', '');
      Order.SetText(Blocks[Index] + '/address_line_1', Address);
      Order.SetText(Blocks[Index] + '/address_line_2', '');
      Order.SetText(Blocks[Index] + '/postal_code', '15001');
      Order.SetText(Blocks[Index] + '/city', 'A Coru'#$00F1'a');
      Order.SetText(Blocks[Index] + '/country_code', 'ES');
      Order.SetText(Blocks[Index] + '/mobile_phone', '666666666');
    end;
    Order.SetText('/customer/given_names', GivenNames);
    Order.SetText('/customer/surnames', Surnames);
    Order.SetText('/customer/email', 'inigo@example.com');
    Order.SetText('/customer/logged_in', 'unknown');
    Order.SetText('/customer/language_code', 'es-ES');
    Order.SetText('/customer/ip_number', '127.0.0.1');
    Order.SetText('/customer/user_agent', 'till');
    Order.SetText('/gui/layout', 'desktop');
    Order.SetText('/platform/name', 'Pascal');
    Order.SetText('/platform/version', '7');
    Order.SetText('/platform/uname', 'till');
    Order.SetText('/platform/db_name', 'none');
    Order.SetText('/platform/db_version', '1');
    Result := Order.Json;
  finally
    Order.Free;
  end;
end;

{ A till in Windows-1252: AnsiString in Delphi 7. }
procedure LegacyTill;
var
  Client: TSequraClient;
  Order, Url: TSequraText;
  Conflict: Boolean;
  AtSequra: AnsiString;
begin
  Client := TSequraClient.Create(Config(', "text_encoding": "windows-1252"'));
  try
    Order := LegacyOrder(Client, 'N'#$00BA' 1');
    Url := Client.StartSolicitation(Order).OrderUrl;
    Expect(Client.SendForm(Url, 'pp3').OrderState = osFormSent, 'the form');
    Conflict := False;
    try
      Client.Confirm(Url, Order);
    except
      on E: ESequraConflict do
      begin
        Conflict := E.Code = ecNotApproved;
        Expect(Pos(Accented, E.OperatorMessage) > 0, 'an accent comes back in the till''s encoding: '
          + string(E.OperatorMessage));
      end;
    end;
    Expect(Conflict, 'the shopper has not been approved yet');
    AtSequra := TFPHTTPClient.SimpleGet(StringReplace(AnsiString(Url), '/orders/', '/_sandbox/orders/', []));
    Expect(Pos(AnsiString(Utf8Surnames), AtSequra) > 0, 'the name at seQura is UTF-8: ' + string(AtSequra));
    Expect(Pos(AnsiString(Utf8Address), AtSequra) > 0, 'the address at seQura is UTF-8');
    TFPHTTPClient.SimpleFormPost(StringReplace(AnsiString(Url), '/orders/', '/_sandbox/orders/', [])
      + '/approve', AnsiString(''));
    Expect(Client.Confirm(Url, Order).OrderState = osSettled, 'sold');
    Expect(Client.OrderInfo(Url).Get('/order/order_ref_1') = 'N'#$00BA' 1', 'its number');
  finally
    Client.Free;
  end;
end;

{$IFDEF UNICODE}
procedure OtherTexts;
var
  Client: TSequraClient;
  Refused: Boolean;
begin
  Client := TSequraClient.Create(Config(', "text_encoding": "windows-1252"'));
  try
    Expect(Client.Echo(#$20AC).Get('/data/text') = #$20AC, 'a euro');
    Refused := False;
    try Client.Echo(#$0416); except on E: ESequraUsage do Refused := True; end;
    Expect(Refused, 'what Windows-1252 lacks is refused, not sent as a question mark');
    Refused := False;
  finally
    Client.Free;
  end;
  try
    TSequraClient.Create(Config(', "text_encoding": "shift_jis"'));
  except
    on E: ESequraUsage do Refused := True;
  end;
  Expect(Refused, 'an encoding without a code page here');
end;
{$ELSE}
{ UTF8String passes as it is too, and so do the results. }
procedure OtherTexts;
var
  Client: TSequraClient;
  Text, Back: UTF8String;
  Plain: AnsiString;
begin
  Client := TSequraClient.Create(Config);
  try
    Text := UTF8Encode(WideString(#$00D1#$0416#$20AC));
    Back := Client.Echo(Text).Get('/data/text');
    Expect(Length(Back) = 7, 'no byte was changed');
    Expect(CompareMem(PAnsiChar(Back), PAnsiChar(Text), 7), 'nor replaced');
    Plain := Client.Echo(Text).Get('/data/text');
    Plain := '<' + Plain + '>';
    Expect((Length(Plain) = 9) and CompareMem(@Plain[2], PAnsiChar(Text), 7), 'as AnsiString too');
    try
      Client.Echo(#$D1);
      Expect(False, 'bytes that are no UTF-8');
    except
      on E: ESequraCall do
        Expect(E.Status = SQ_INVALID_TEXT, 'refused with their place');
    end;
  finally
    Client.Free;
  end;
end;
{$ENDIF}

{ ---- floating point ---- }

{ Delphi has three exceptions raised that are masked everywhere else. Here it is all six, and numbers in
  the JSON that overflow. }
procedure FloatingPointExceptions;
var
  Client: TSequraClient;
  Before: TFPUExceptionMask;
  Raised: Boolean;
  Zero: Double;
begin
  Zero := 0;
  Before := SetExceptionMask([]);
  try
    Client := TSequraClient.Create(Config);
    try
      Client.SelfTest;
      Client.PaymentMethods;
      try
        Client.StartSolicitation('{"cart": {"x": 123456789e305, "y": 0.1, "z": 1e-320}}');
      except
        on E: ESequraCall do
          Expect(E.Status = SQ_INVALID_JSON, 'an order with an impossible number');
      end;
      Expect(Client.Opening.GetInt('/data/journal/pending') = 0, 'nothing begun');
      Client.Reconcile;
      Client.Log;
    finally
      Client.Free;
    end;
    Raised := False;
    try
      Zero := 1 / Zero;
    except
      on E: EMathError do Raised := True;
    end;
    Expect(Raised and (GetExceptionMask = []), 'the program still has its own');
  finally
    SetExceptionMask(Before);
  end;
end;

{ ---- the library ---- }

procedure TheLibrary;
var
  Refused: Boolean;
begin
  Expect(TSequraLibrary.FileName = GetEnvironmentVariable('SEQURA_POS_LIBRARY'), 'the file that was named');
  TSequraLibrary.Load(TSequraLibrary.FileName);
  Refused := False;
  try
    TSequraLibrary.Load('elsewhere.dll');
  except
    on E: ESequraLibrary do Refused := True;
  end;
  Expect(Refused, 'there is one library in a program');
  Expect(TSequraLibrary.AbiVersion = SEQURA_ABI_VERSION, 'its version');
  Expect(TSequraLibrary.StatusClass(SQ_CONFLICT) = 2, 'a class');
end;

procedure AMissingLibrary;
var
  Said: string;
begin
  Said := '';
  try
    TSequraLibrary.Load(Folder + 'nowhere.so');
  except
    on E: ESequraLibrary do Said := E.Message;
  end;
  Expect((Pos('nowhere.so', Said) > 0) and (Pos('SEQURA_POS_LIBRARY', Said) > 0), Said);
end;

{ In a process of its own: the file that is loaded, or what is wrong. }
procedure SayWhatIsLoaded;
begin
  try
    TSequraLibrary.Load(ParamStr(2));
    WriteLn(TSequraLibrary.FileName);
  except
    on E: ESequraLibrary do WriteLn(E.Message);
  end;
end;

{ What that says in this folder, where somebody has put what is looked for. }
function Loaded(const Executable, Variable, Path: string): string;
var
  Child: TProcess;
  Index: Integer;
  Said: TStringList;
begin
  Child := TProcess.Create(nil);
  Said := TStringList.Create;
  try
    Child.Executable := Executable;
    Child.Parameters.Add('loads');
    Child.Parameters.Add(Path);
    Child.CurrentDirectory := Folder;
    for Index := 1 to GetEnvironmentVariableCount do
      if Pos('SEQURA_POS_LIBRARY=', GetEnvironmentString(Index)) <> 1 then
        Child.Environment.Add(GetEnvironmentString(Index));
    Child.Environment.Add('LD_LIBRARY_PATH=' + Folder);
    if Variable <> '' then
      Child.Environment.Add('SEQURA_POS_LIBRARY=' + Variable);
    Child.Options := [poUsePipes, poWaitOnExit];
    Child.Execute;
    Said.LoadFromStream(Child.Output);
    Result := Trim(Said.Text);
  finally
    Said.Free;
    Child.Free;
  end;
end;

procedure CopyTo(const Target, Source: string);
var
  Into, From: TFileStream;
begin
  From := TFileStream.Create(Source, fmOpenRead or fmShareDenyNone);
  try
    Into := TFileStream.Create(Target, fmCreate);
    try
      Into.CopyFrom(From, 0);
    finally
      Into.Free;
    end;
  finally
    From.Free;
  end;
  FpChmod(Target, &755);
end;

procedure WhereTheLibraryIs;
var
  Named, Here, Copied, Said: string;
  Index: Integer;
const
  Relative: array[0..3] of string = ('libsequra_pos.so', 'libsequra_pos.so.1', './libsequra_pos.so', '');
begin
  Named := GetEnvironmentVariable('SEQURA_POS_LIBRARY');
  Here := ParamStr(0);
  CopyTo(Folder + 'libsequra_pos.so', Named);
  CopyTo(Folder + 'libsequra_pos.so.1', Named);
  Expect(Loaded(Here, Named, '') = Named, 'where the variable says');
  Expect(Loaded(Here, '/not/there.so', Named) = Named, 'where the program says');
  for Index := Low(Relative) to High(Relative) do
  begin
    Said := Loaded(Here, Relative[Index], '');
    Expect(Pos('an absolute path, not "' + Relative[Index] + '"', Said) > 0, Said);
    Said := Loaded(Here, '', Relative[Index]);
    Expect(Pos('an absolute path, not "' + Relative[Index] + '"', Said) > 0, Said);
  end;
  { Beside the program; then the variable says nothing. }
  Copied := Folder + 'own_tests';
  CopyTo(Copied, Here);
  Expect(Loaded(Copied, '', '') = Folder + 'libsequra_pos.so.1', 'beside the program');
  Expect(Loaded(Copied, Named, '') = Folder + 'libsequra_pos.so.1', 'and not where the variable says');
  DeleteFile(Folder + 'libsequra_pos.so.1');
  Expect(Loaded(Copied, Named, '') = Folder + 'libsequra_pos.so', 'under its other name');
end;

procedure RemoveFolder;
var
  Found: TSearchRec;
begin
  if FindFirst(Folder + '*', faAnyFile, Found) = 0 then
    repeat
      DeleteFile(Folder + Found.Name);
    until FindNext(Found) <> 0;
  FindClose(Found);
  RemoveDir(Folder);
end;

procedure Run(const Name: string; Test: TTest);
begin
  try
    Test;
    Inc(Passed);
  except
    on E: Exception do
    begin
      Inc(Failed);
      WriteLn(Name, ': ', E.ClassName, ': ', E.Message);
    end;
  end;
end;

{ The same, and nothing is left. }
procedure RunWhole(const Name: string; Test: TTest);
begin
  Run(Name, Test);
  Run(Name, ExpectNothingLeft);
end;

begin
  if ParamStr(1) = 'loads' then
  begin
    SayWhatIsLoaded;
    Halt(0);
  end;
  Folder := GetTempDir + 'sequra-pascal-' + IntToStr(GetProcessID) + PathDelim;
  RemoveFolder;
  ForceDirectories(Folder);
  Run('a missing library', AMissingLibrary);
  RunWhole('results of every order', ResultsOfEveryOrder);
  RunWhole('closed clients', ClosedClients);
  RunWhole('closed orders', ClosedOrders);
  RunWhole('failures leave nothing', FailuresLeaveNothing);
  RunWhole('freed in any order', FreedInAnyOrder);
  RunWhole('one client, many threads', OneClientManyThreads);
  RunWhole('closed under threads', ClosedUnderThreads);
  RunWhole('texts with a #0', TextsWithNul);
  RunWhole('numbers of 64 bits', NumbersOf64Bits);
  RunWhole('values of results', ValuesOfResults);
  RunWhole('a till in Windows-1252', LegacyTill);
  RunWhole('other texts', OtherTexts);
  RunWhole('floating-point exceptions', FloatingPointExceptions);
  RunWhole('the library', TheLibrary);
  Run('where the library is', WhereTheLibraryIs);
  RemoveFolder;
  WriteLn(Passed, ' passed, ', Failed, ' failed');
  if Failed > 0 then
    Halt(1);
end.
