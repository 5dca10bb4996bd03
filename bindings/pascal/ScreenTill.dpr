{ ScreenTill CONFIG-FILE ORDER.json: a sale whose screen never waits. Calls are made in a thread of their own, one at a time;
  what came of them returns by Synchronize, and only in the main thread is anything decided or shown. Here the main thread is
  a loop over CheckSynchronize, the keys are lines on the standard input, and the screen is the standard output; in a VCL or
  LCL program Application.Run is that loop, the keys are buttons, and the rest stays as it is. }
program ScreenTill;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}
{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF UNIX}cthreads, {$IFDEF UNICODE}cwstring, {$ENDIF}{$ENDIF}
  Classes, SysUtils, SequraPos, SequraPosApi;

type
  TKey = (kPay, kApproved, kCancel);
  TKeys = set of TKey;
  TCall = (cRecoverAll, cPay, cConfirm, cRecover, cAbandon, cUndo);

  { The order on the screen. The main thread only, all of it but the client. }
  TScreen = class
  private
    FTill: TSequraClient;
    { It has its ticket number, order_ref_1: what is confirmed is settled with it at once. }
    FOrder, FUrl, FText: TSequraText;
    FState: TSequraState;
    FEnabled: TKeys;
    FAsking, FUnwanted, FClosing: Boolean;
    procedure Ask(const Meanwhile: TSequraText; Call: TCall);
    procedure Cancel;
    procedure Show(const What: TSequraText; Enabled: TKeys);
    procedure Tell(const What: TSequraText);
  public
    Closed: Boolean;
    procedure Typed(const Key: string);
    procedure Pressed(Key: TKey);
    procedure Answered(const Answer: ISequraResult);
    procedure Close;
  end;

  { One call: it may take as long as timeouts.total_ms and a second say. }
  TWorker = class(TThread)
  private
    FScreen: TScreen;
    FCall: TCall;
    FUrl: TSequraText;
    FAnswer: ISequraResult;
    function Call: ISequraResult;
    procedure Give;
  protected
    procedure Execute; override;
  end;

  { The keys. }
  TKeypad = class(TThread)
  private
    FKey: string;
    procedure Give;
    procedure GiveEnd;
  protected
    procedure Execute; override;
  end;

const
  KeyWords: array[TKey] of string = ('pay', 'approved', 'cancel');
  { Sold, or it may be, and not yet registered: neither given up nor handed over. }
  AtRisk = [osConfirming, osConfirmed, osReferencing, osRefConflicted];
  { Where a sale that is not wanted any more can be undone. }
  UndoneAtOnce = [osSolicited, osFormSent, osHeld, osConflicted, osSettled];

var
  Screen: TScreen;

{ TWorker }

function TWorker.Call: ISequraResult;
begin
  case FCall of
    cPay:
      begin
        if FUrl = '' then
          FUrl := FScreen.FTill.StartSolicitation(FScreen.FOrder).OrderUrl;
        Result := FScreen.FTill.SendForm(FUrl, 'pp3');
      end;
    cConfirm: Result := FScreen.FTill.Confirm(FUrl, FScreen.FOrder);
    cRecover: Result := FScreen.FTill.Recover(FUrl);
    cAbandon: Result := FScreen.FTill.Abandon(FUrl);
    { What has not left is cancelled; what has, as goods_leave of the configuration says, comes back. }
    cUndo:
      if FScreen.FTill.OrderInfo(FUrl).GetInt('/data/amounts/shipped') = 0 then
        Result := FScreen.FTill.Cancel(FUrl, 'customer_cancel')
      else
        Result := FScreen.FTill.Refund(FUrl);
  else
    Result := FScreen.FTill.Recover;
  end;
end;

procedure TWorker.Execute;
begin
  try
    FAnswer := Call;
  except
    on E: ESequra do
      FAnswer := E.Answer;
  end;
  { It waits here until the main thread has taken it: after that nobody needs this object. }
  Synchronize(Give);
end;

procedure TWorker.Give;
begin
  FScreen.Answered(FAnswer);
end;

{ TKeypad }

procedure TKeypad.Execute;
begin
  while not Eof(Input) do
  begin
    ReadLn(FKey);
    Synchronize(Give);
  end;
  Synchronize(GiveEnd);
end;

procedure TKeypad.Give;
begin
  Screen.Typed(FKey);
end;

procedure TKeypad.GiveEnd;
begin
  Screen.Close;
end;

{ TScreen }

procedure TScreen.Ask(const Meanwhile: TSequraText; Call: TCall);
var
  Worker: TWorker;
begin
  FAsking := True;
  Show(Meanwhile, [kCancel]);
  Worker := TWorker.Create(True);
  Worker.FreeOnTerminate := True;
  Worker.FScreen := Self;
  Worker.FCall := Call;
  Worker.FUrl := FUrl;
  {$IFDEF FPC}Worker.Start{$ELSE}Worker.Resume{$ENDIF};
end;

procedure TScreen.Typed(const Key: string);
var
  K: TKey;
begin
  for K := Low(TKey) to High(TKey) do
    if (KeyWords[K] = Key) and (K in FEnabled) then
    begin
      Pressed(K);
      Exit;
    end;
  Tell(FText); { the screen goes on, whatever is being asked }
end;

procedure TScreen.Pressed(Key: TKey);
begin
  case Key of
    kCancel: Cancel;
    kPay:
      begin
        FUnwanted := False;
        Ask('The form is being sent.', cPay);
      end;
  else
    if FState in AtRisk then
      Ask('seQura is being asked again. Keep the goods, take no other payment.', cRecover)
    else
      Ask('seQura is being asked. Keep the goods, take no other payment.', cConfirm);
  end;
end;

{ Before the confirmation it gives the order up; during it, it is remembered; after it, it is a change at seQura. }
procedure TScreen.Cancel;
begin
  if FAsking or (FState in AtRisk) then
  begin
    FUnwanted := True;
    Tell('What is asked cannot be taken back: the sale is undone as soon as seQura has answered. Keep the goods.');
    Exit;
  end;
  FUnwanted := False;
  if FState = osSettled then
    Ask('The sale is being undone at seQura.', cUndo)
  else if FUrl <> '' then
    Ask('The sale is being given up.', cAbandon);
end;

{ What the order is now, its state says, whatever came of the call. }
procedure TScreen.Answered(const Answer: ISequraResult);
var
  Enabled: TKeys;
  Owed: TSequraText;
begin
  FAsking := False;
  FState := Answer.OrderState;
  FUrl := Answer.OrderUrl;
  if FUnwanted and (FState in UndoneAtOnce) then
    Cancel
  else if FClosing then
    Close
  else
  begin
    Enabled := [kCancel];
    case FState of
      osFormSent, osHeld, osConfirming, osConfirmed, osReferencing, osRefConflicted: Include(Enabled, kApproved);
      osSettled: { only now hand over the goods }
        if Answer.TryGet('/data/amounts/owed', Owed) and (Owed = '0') then
          Enabled := [];
      osConflicted: ;
      osAbandoned, osCancelled: Enabled := [];
    else
      Include(Enabled, kPay);
    end;
    if FUrl = '' then
      Exclude(Enabled, kCancel);
    Show(Answer.OperatorMessage, Enabled);
  end;
end;

procedure TScreen.Show(const What: TSequraText; Enabled: TKeys);
begin
  FEnabled := Enabled;
  Tell(What);
end;

procedure TScreen.Tell(const What: TSequraText);
var
  K: TKey;
begin
  FText := What;
  Write('screen: ', What);
  for K := Low(TKey) to High(TKey) do
    if K in FEnabled then
      Write(' [', KeyWords[K], ']');
  WriteLn;
  Flush(Output);
end;

{ A call is not interrupted: the program ends after its answer. Killed before, it goes on at its next start. }
procedure TScreen.Close;
begin
  FClosing := True;
  Closed := not FAsking;
  if FAsking then
    Tell('The till closes when seQura has answered.');
end;

function ReadOrder(const Path: string): TSequraText;
var
  Lines: TStringList;
begin
  Lines := TStringList.Create;
  try
    Lines.LoadFromFile(Path{$IFDEF UNICODE}, TEncoding.UTF8{$ENDIF});
    Result := TSequraText(Lines.Text);
  finally
    Lines.Free;
  end;
end;

begin
  Screen := TScreen.Create;
  Screen.FTill := TSequraClient.CreateFromFile(TSequraText(ParamStr(1)));
  Screen.FOrder := ReadOrder(ParamStr(2));
  { What an earlier run was killed in comes before the first sale, and does not stop it. }
  Screen.Ask('What was left open is being finished.', cRecoverAll);
  TKeypad.Create(False).FreeOnTerminate := True;
  while not Screen.Closed do
    CheckSynchronize(1000);
  Screen.FTill.Free;
  Halt(0);
end.
