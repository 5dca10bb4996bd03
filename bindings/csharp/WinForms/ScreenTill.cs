using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using System.Windows.Forms;
using SequraPos;

/// <summary>
/// ScreenTill CONFIG ORDER.json: a sale from a window. Calls are made in a worker, one at a time; what came of them returns
/// through the window's SynchronizationContext, and only there is anything decided or shown. WPF has such a context too:
/// there only the buttons are others. The buttons can be pressed by lines on the standard input, as by a keypad, and what
/// the operator sees is written to the standard output.
/// </summary>
internal sealed class ScreenTill : Form
{
    /// <summary>Sold, or it may be, and not yet registered: neither given up nor handed over.</summary>
    private static readonly string[] AtRisk =
    {
        SequraState.Confirming, SequraState.Confirmed, SequraState.Referencing, SequraState.RefConflicted
    };

    /// <summary>Where a sale that is not wanted any more can be undone.</summary>
    private static readonly string[] UndoneAtOnce =
    {
        SequraState.Solicited, SequraState.FormSent, SequraState.Held, SequraState.Conflicted, SequraState.Settled
    };

    private readonly SequraClient till;
    /// <summary>It has its ticket number, order_ref_1: what is confirmed is settled with it at once.</summary>
    private readonly string order;
    private readonly Label text = new Label { Width = 780, Height = 80 };
    private readonly Button[] keys;

    // The window's thread only, all of it.
    private TaskScheduler screen;
    private string url, state = "";
    private bool isAsking, isUnwanted, isClosing;

    private ScreenTill(SequraClient till, string order)
    {
        this.till = till;
        this.order = order;
        var row = new FlowLayoutPanel { Dock = DockStyle.Fill };
        row.Controls.Add(text);
        keys = new[] { "pay", "approved", "cancel" }.Select(key => new Button { Name = key, Text = key }).ToArray();
        foreach (Button key in keys)
        {
            string pressed = key.Name;
            key.Click += (sender, e) => Pressed(pressed);
            row.Controls.Add(key);
        }
        Controls.Add(row);
        ClientSize = new System.Drawing.Size(800, 200);
        Load += (sender, e) =>
        {
            screen = TaskScheduler.FromCurrentSynchronizationContext();
            // What an earlier run was killed in comes before the first sale, and does not stop it.
            Ask("What was left open is being finished.", () => till.Recover());
            new Thread(ReadKeypad) { IsBackground = true }.Start();
        };
        FormClosing += (sender, e) => CloseLater(e);
    }

    private static int Main(string[] words)
    {
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true });
        using (SequraClient client = SequraClient.OpenFile(words[0]))
            Application.Run(new ScreenTill(client, File.ReadAllText(words[1])));
        return 0;
    }

    private void ReadKeypad()
    {
        for (string line; (line = Console.In.ReadLine()) != null; )
        {
            string key = line;
            BeginInvoke(new Action(() => Typed(key)));
        }
        BeginInvoke(new Action(Close));
    }

    private void Typed(string key)
    {
        Button button = keys.FirstOrDefault(one => one.Name == key);
        if (button != null)
            button.PerformClick();
        else
            Tell(text.Text);                                  // the screen goes on, whatever is being asked
    }

    /// <summary>A call that may take as long as timeouts.total_ms and a second: never in the window's thread.</summary>
    private void Ask(string meanwhile, Func<SequraResult> call)
    {
        isAsking = true;
        Show(meanwhile, "cancel");
        Task.Factory.StartNew(() => Answer(call), TaskCreationOptions.LongRunning)
            .ContinueWith(asked => Answered(asked.Result), screen);
    }

    private static SequraResult Answer(Func<SequraResult> call)
    {
        try
        {
            return call();
        }
        catch (SequraException e)
        {
            return e.Result;
        }
    }

    private void Pressed(string key)
    {
        string known = url;
        if (key == "cancel")
        {
            CancelSale();
        }
        else if (key == "pay")
        {
            isUnwanted = false;
            Ask("The form is being sent.", () => till.SendForm(known ?? till.StartSolicitation(order).Order.Url, "pp3"));
        }
        else if (AtRisk.Contains(state))
        {
            Ask("seQura is being asked again. Keep the goods, take no other payment.", () => till.Recover(known));
        }
        else
        {
            Ask("seQura is being asked. Keep the goods, take no other payment.", () => till.Confirm(known, order));
        }
    }

    /// <summary>
    /// Before the confirmation it gives the order up; during it, it is remembered; after it, it is a change at seQura.
    /// </summary>
    private void CancelSale()
    {
        string known = url;
        if (isAsking || AtRisk.Contains(state))
        {
            isUnwanted = true;
            Tell("What is asked cannot be taken back: the sale is undone as soon as seQura has answered. Keep the goods.");
        }
        else if (state == SequraState.Settled)
        {
            isUnwanted = false;
            Ask("The sale is being undone at seQura.", () => Undo(known));
        }
        else if (known != null)
        {
            isUnwanted = false;
            Ask("The sale is being given up.", () => till.Abandon(known));
        }
    }

    /// <summary>
    /// What has not left is cancelled; what has, as goods_leave of the configuration says, comes back. In the worker.
    /// </summary>
    private SequraResult Undo(string known)
    {
        bool isHere = till.OrderInfo(known).FindInteger("/data/amounts/shipped") == 0;
        return isHere ? till.Cancel(known, "customer_cancel") : till.Refund(known);
    }

    /// <summary>What the order is now, its state says, whatever came of the call.</summary>
    private void Answered(SequraResult answer)
    {
        isAsking = false;
        SequraOrder stands = answer.Order;
        state = stands == null ? "" : stands.State;
        url = stands == null ? null : stands.Url;
        if (isUnwanted && UndoneAtOnce.Contains(state))
            CancelSale();
        else if (isClosing)
            Close();
        else
            ShowOrder(answer.OperatorMessage, answer.FindInteger("/data/amounts/owed") == 0);
    }

    private void ShowOrder(string said, bool nothingIsOwed)
    {
        switch (state)
        {
            case SequraState.FormSent:
            case SequraState.Held:
                Show(said, "approved", "cancel");
                break;
            case SequraState.Settled:                         // only now hand over the goods
            case SequraState.Conflicted:
                Show(said, nothingIsOwed ? "" : "cancel");
                break;
            case SequraState.Abandoned:
            case SequraState.Cancelled:
                Show(said);
                break;
            default:
                Show(said, AtRisk.Contains(state) ? "approved" : "pay", url == null ? "" : "cancel");
                break;
        }
    }

    private void Show(string what, params string[] enabled)
    {
        foreach (Button key in keys)
            key.Enabled = enabled.Contains(key.Name);
        Tell(what);
    }

    private void Tell(string what)
    {
        text.Text = what;
        IEnumerable<string> enabled = keys.Where(key => key.Enabled).Select(key => " [" + key.Name + "]");
        Console.WriteLine("screen: " + what + string.Concat(enabled));
    }

    /// <summary>A call is not interrupted: the window closes after its answer. Killed before, it goes on at its next start.</summary>
    private void CloseLater(FormClosingEventArgs e)
    {
        e.Cancel = isClosing = isAsking;
        if (isAsking)
            Tell("The till closes when seQura has answered.");
    }
}
