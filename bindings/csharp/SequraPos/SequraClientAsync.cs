using System;
using System.Threading;
using System.Threading.Tasks;

namespace SequraPos
{
    /// <summary>
    /// Every call a second time, made by a thread of its own: with await where the language has it, with ContinueWith in
    /// .NET Framework 4.0. To cancel is to end the wait, and not the call: it goes on to its end, at most for
    /// timeouts.total_ms and a second, and its outcome is in the journal. So a cancelled ConfirmAsync means what
    /// SequraOutcomeUnknownException means: keep the goods, take no other payment; the same call again, or Recover, says
    /// what came of it. One that was cancelled before it began is not made.
    /// </summary>
    public sealed partial class SequraClient
    {
        /// <summary>Opens a client as the constructor does, in a worker thread.</summary>
        public static Task<SequraClient> OpenAsync(
            string configJson, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => new SequraClient(configJson), cancellation);
        }

        /// <summary>OpenFile, in a worker thread.</summary>
        public static Task<SequraClient> OpenFileAsync(
            string path, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => OpenFile(path), cancellation);
        }

        /// <summary>CheckCredentials, in a worker thread.</summary>
        public Task<SequraResult> CheckCredentialsAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => CheckCredentials(), cancellation);
        }

        /// <summary>SelfTest, in a worker thread.</summary>
        public Task<SequraResult> SelfTestAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => SelfTest(), cancellation);
        }

        /// <summary>PaymentMethods, in a worker thread.</summary>
        public Task<SequraResult> PaymentMethodsAsync(
            string orderUrl = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => PaymentMethods(orderUrl), cancellation);
        }

        /// <summary>CreditAgreements, in a worker thread.</summary>
        public Task<SequraResult> CreditAgreementsAsync(
            long totalCents, string merchantOrCountry = null, string currency = null,
            CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => CreditAgreements(totalCents, merchantOrCountry, currency), cancellation);
        }

        /// <summary>CheckOrder, in a worker thread.</summary>
        public Task<SequraResult> CheckOrderAsync(
            string orderJson, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => CheckOrder(orderJson), cancellation);
        }

        /// <summary>StartSolicitation, in a worker thread.</summary>
        public Task<SequraResult> StartSolicitationAsync(
            string orderJson, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => StartSolicitation(orderJson), cancellation);
        }

        /// <summary>SendForm, in a worker thread.</summary>
        public Task<SequraResult> SendFormAsync(
            string orderUrl, string productCode, string campaign = null,
            CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => SendForm(orderUrl, productCode, campaign), cancellation);
        }

        /// <summary>SendFormBy, in a worker thread.</summary>
        public Task<SequraResult> SendFormByAsync(
            string orderUrl, string channel, string productCode, string campaign = null,
            CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => SendFormBy(orderUrl, channel, productCode, campaign), cancellation);
        }

        /// <summary>Hold, in a worker thread.</summary>
        public Task<SequraResult> HoldAsync(
            string orderUrl, string orderJson = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Hold(orderUrl, orderJson), cancellation);
        }

        /// <summary>Confirm, in a worker thread.</summary>
        public Task<SequraResult> ConfirmAsync(
            string orderUrl, string orderJson = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Confirm(orderUrl, orderJson), cancellation);
        }

        /// <summary>SetOrderRef, in a worker thread.</summary>
        public Task<SequraResult> SetOrderRefAsync(
            string orderUrl, string orderRef1, string orderRef2 = null,
            CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => SetOrderRef(orderUrl, orderRef1, orderRef2), cancellation);
        }

        /// <summary>Abandon, in a worker thread.</summary>
        public Task<SequraResult> AbandonAsync(
            string order, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Abandon(order), cancellation);
        }

        /// <summary>Resolve, in a worker thread.</summary>
        public Task<SequraResult> ResolveAsync(
            string order, string outcome, string reason, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Resolve(order, outcome, reason), cancellation);
        }

        /// <summary>OrderInfo, in a worker thread.</summary>
        public Task<SequraResult> OrderInfoAsync(
            string order, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => OrderInfo(order), cancellation);
        }

        /// <summary>Receipt, in a worker thread.</summary>
        public Task<SequraResult> ReceiptAsync(
            string order, int columns, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Receipt(order, columns), cancellation);
        }

        /// <summary>UpdateOrder, in a worker thread.</summary>
        public Task<SequraResult> UpdateOrderAsync(
            string orderRef1, string updateJson, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => UpdateOrder(orderRef1, updateJson), cancellation);
        }

        /// <summary>Ship, in a worker thread.</summary>
        public Task<SequraResult> ShipAsync(
            string orderRef1, string itemsJson = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Ship(orderRef1, itemsJson), cancellation);
        }

        /// <summary>Refund, in a worker thread.</summary>
        public Task<SequraResult> RefundAsync(
            string orderRef1, string refundJson = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Refund(orderRef1, refundJson), cancellation);
        }

        /// <summary>Cancel, in a worker thread.</summary>
        public Task<SequraResult> CancelAsync(
            string orderRef1, string reason = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Cancel(orderRef1, reason), cancellation);
        }

        /// <summary>HandOver, in a worker thread.</summary>
        public Task<SequraResult> HandOverAsync(
            string order, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => HandOver(order), cancellation);
        }

        /// <summary>TakeOver, in a worker thread.</summary>
        public Task<SequraResult> TakeOverAsync(
            string document, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => TakeOver(document), cancellation);
        }

        /// <summary>SendDeliveryReport, in a worker thread.</summary>
        public Task<SequraResult> SendDeliveryReportAsync(
            string reportJson = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => SendDeliveryReport(reportJson), cancellation);
        }

        /// <summary>Disbursements, in a worker thread.</summary>
        public Task<SequraResult> DisbursementsAsync(
            string path = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Disbursements(path), cancellation);
        }

        /// <summary>Pending, in a worker thread.</summary>
        public Task<SequraResult> PendingAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Pending(), cancellation);
        }

        /// <summary>Day, in a worker thread.</summary>
        public Task<SequraResult> DayAsync(
            string since = null, string until = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Day(since, until), cancellation);
        }

        /// <summary>Recover, in a worker thread.</summary>
        public Task<SequraResult> RecoverAsync(
            string order = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Recover(order), cancellation);
        }

        /// <summary>Reconcile, in a worker thread.</summary>
        public Task<SequraResult> ReconcileAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Reconcile(), cancellation);
        }

        /// <summary>Log, in a worker thread.</summary>
        public Task<SequraResult> LogAsync(
            string queryJson = null, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Log(queryJson), cancellation);
        }

        /// <summary>LogDismiss, in a worker thread.</summary>
        public Task<SequraResult> LogDismissAsync(
            long entryId, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => LogDismiss(entryId), cancellation);
        }

        /// <summary>Echo, in a worker thread.</summary>
        public Task<SequraResult> EchoAsync(string text, CancellationToken cancellation = default(CancellationToken))
        {
            return InWorker(() => Echo(text), cancellation);
        }

        /// <summary>
        /// A thread of its own: a call may take as long as half a minute, and the pool's threads are the program's. What
        /// nobody waits for any more is given back.
        /// </summary>
        private static Task<T> InWorker<T>(Func<T> call, CancellationToken cancellation)
            where T : class, IDisposable
        {
            var told = new TaskCompletionSource<T>();
            if (cancellation.IsCancellationRequested)
            {
                told.SetCanceled();
                return told.Task;
            }
            CancellationTokenRegistration waiting = cancellation.Register(() => told.TrySetCanceled());
            Task.Factory.StartNew(
                () =>
                {
                    T result = null;
                    Exception trouble = null;
                    try
                    {
                        result = told.Task.IsCompleted ? null : call();
                    }
                    catch (Exception e)
                    {
                        trouble = e;
                    }
                    waiting.Dispose();
                    bool isHeard = trouble == null ? told.TrySetResult(result) : told.TrySetException(trouble);
                    if (!isHeard && result != null)
                        result.Dispose();
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return told.Task;
        }
    }
}
