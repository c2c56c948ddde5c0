using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Payouts;
using Marten;

namespace CarbonMarket.Settlement.Banking;

/// <summary>
/// While this process leads, it hands the bank what is to be paid and books what the bank says. The bank may be away; then
/// cash stays put aside and is handed over again when it is back.
/// </summary>
public sealed class FollowBank(EachBank banks, IDocumentStore store, MarketClock clock, ILogger<FollowBank> logger) : ILeaderDuty
{
    private const int OrdersAtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public string Name => "settlement bank";

    public bool IsReady => true;

    public Task Run(CancellationToken untilLost) => banks.Repeat("payouts and deposits", Pause, (ledger, bank) =>
    {
        var handing = new Handing();
        return async cancellationToken =>
        {
            try
            {
                await HandOver(ledger, bank, handing, cancellationToken);
            }
            finally
            {
                // Whatever becomes of the orders, what the bank has to say is heard.
                await Listen(ledger, bank, cancellationToken);
            }
        };
    }, untilLost);

    /// <summary>
    /// An order that the bank does not take stays open, for a person to see and to answer. One that it fails over keeps no
    /// other waiting: it is handed over again, after the others.
    /// </summary>
    private async Task HandOver(MarketLedger ledger, ISettlementBank bank, Handing handing, CancellationToken cancellationToken)
    {
        var orders = await ledger.Read(state =>
        {
            handing.Forget(id => state.Payouts.Find(id) is null);
            return handing.Next(state.Payouts.Open).Take(OrdersAtOnce)
                .Select(payout => new PaymentOrder(payout.WithdrawalId, state.Accounts[payout.AccountId].Number, payout.AmountMinor)).ToList();
        }, cancellationToken);
        HttpRequestException? failure = null;
        foreach (var order in orders)
        {
            // Others were handed over since the orders were read, and a person may have answered this one meanwhile: refused, its cash is back.
            if (!await ledger.Read(state => state.Payouts.Find(order.OrderId) is not null, cancellationToken))
                continue;
            handing.Try(order.OrderId);
            try
            {
                if (!await bank.Pay(order, cancellationToken))
                    logger.LogError("The settlement bank of {Market} does not take the order to pay withdrawal {Withdrawal}", ledger.Engine.Partition, order.OrderId);
                handing.IsDone(order.OrderId);
            }
            catch (HttpRequestException exception) when (exception.StatusCode is not null)
            {
                // It answers, and may answer for the next. A bank that is silent would keep us waiting for each of them.
                logger.LogWarning("The settlement bank of {Market} fails over withdrawal {Withdrawal}: {Reason}", ledger.Engine.Partition, order.OrderId, exception.Message);
                failure = exception;
            }
        }
        if (failure is not null)
            throw new HttpRequestException("An order is to be handed over again.", failure, failure.StatusCode);
    }

    private async Task Listen(MarketLedger ledger, ISettlementBank bank, CancellationToken cancellationToken)
    {
        var market = ledger.Engine.Partition;
        await using var session = store.LightweightSession();
        var heard = (await session.LoadAsync<BankPosition>(market, cancellationToken))?.Notice ?? 0;
        while (await bank.NoticesAfter(heard, cancellationToken) is { Count: > 0 } notices)
        {
            foreach (var notice in notices)
                await Book(ledger, notice, cancellationToken);
            heard = notices[^1].Number;
            session.Store(new BankPosition(market, heard));
            await session.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>What cannot be booked is not lost: the bank's statement has it, and the reconciliation shows it.</summary>
    private async Task Book(MarketLedger ledger, BankNotice notice, CancellationToken cancellationToken)
    {
        var market = ledger.Engine.Partition;
        if (await CommandOf(ledger, notice, cancellationToken) is not { } command)
        {
            logger.LogWarning("Entry {Reference} of the bank of {Market} is for {Account}, which nobody has here", notice.Reference, market, notice.AccountNumber);
            return;
        }
        // One id for each time it is told: the decider knows the entry itself.
        var id = DeterministicGuid.From($"settlement-bank:{market}:{notice.Number}:{notice.Reference}");
        var said = id.ToString("D", System.Globalization.CultureInfo.InvariantCulture);
        if (await ledger.Execute(id, command, new Provenance(said, said, Actor.Platform(Ledgers.Service)), cancellationToken) is Outcome<LedgerEvent>.Rejected refused)
            logger.LogWarning("Entry {Reference} of the bank of {Market} is not booked ({Code}): {Reason}", notice.Reference, market, refused.Code, refused.Reason);
    }

    private async Task<LedgerCommand?> CommandOf(MarketLedger ledger, BankNotice notice, CancellationToken cancellationToken)
    {
        // A bank whose clock is ahead must not take the ledger with it.
        var (now, at) = (clock.GetUtcNow(), notice.BookedAt);
        at = at < now ? at : now;
        if (notice.Kind != BankNoticeKind.Credit)
            return new AnswerPayout(
                notice.OrderId ?? Guid.Empty, notice.Reference, notice.Kind == BankNoticeKind.Paid ? null : notice.Reason ?? "refused", at);
        var account = await ledger.Read(state => state.Accounts.Numbered(notice.AccountNumber ?? string.Empty)?.Id, cancellationToken);
        return account is { } known
            ? new DepositCash(BankEntry.DepositId(ledger.Engine.Partition, notice.Reference), known, notice.AmountMinor, at, notice.Reference)
            : null;
    }

    /// <summary>What this process has handed over; the next one hands it over again, and the bank knows it.</summary>
    private sealed class Handing
    {
        private readonly HashSet<Guid> _done = [];
        private readonly Dictionary<Guid, int> _tries = [];

        /// <summary>Those that were tried least come first.</summary>
        public IEnumerable<Payout> Next(IEnumerable<Payout> open) =>
            open.Where(payout => !_done.Contains(payout.WithdrawalId)).OrderBy(payout => _tries.GetValueOrDefault(payout.WithdrawalId));

        public void Try(Guid order) => _tries[order] = _tries.GetValueOrDefault(order) + 1;

        public void IsDone(Guid order) => _done.Add(order);

        public void Forget(Func<Guid, bool> isOver)
        {
            foreach (var order in _tries.Keys.Where(isOver).ToList())
            {
                _tries.Remove(order);
                _done.Remove(order);
            }
        }
    }
}
