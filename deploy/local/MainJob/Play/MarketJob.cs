using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;

namespace CarbonMarket.MainJob.Play;

/// <summary>The whole job: everybody registers, then one market year after another is played to its end.</summary>
public sealed class MarketJob
{
    // Allocation and funding, first auction, sessions, last auction, settlement and withdrawal, compliance.
    private const int PhasesOfAYear = Opening.Phases + 1 + MarketPlan.Sessions + 1 + 2 + Compliance.Phases;

    private readonly Scene _scene;
    private readonly LegalClock _clock;
    private readonly Ledger _ledger;
    private readonly Auctions _auctions;
    private readonly TradingDays _days;

    public MarketJob(Scene scene)
    {
        _scene = scene;
        _clock = new LegalClock(scene);
        _ledger = new Ledger(scene);
        _auctions = new Auctions(scene, _clock, _ledger);
        _days = new TradingDays(scene, _clock);
    }

    public int AuctionsHeld => _auctions.Held;

    public IReadOnlyList<Trade> Trades => _days.Trades;

    public async Task Play(IBoard board, CancellationToken stopping)
    {
        await new Registration(_scene, _clock).Play(board, new MarketCalendar(_scene.Extract.FirstYear).Opening, stopping);
        foreach (var year in _scene.Extract.Years)
            await PlayYear(new MarketCalendar(year), board, stopping);
    }

    private async Task PlayYear(MarketCalendar calendar, IBoard board, CancellationToken stopping)
    {
        var year = calendar.Year;
        var chapter = board.Chapter($"Year {year}", PhasesOfAYear);
        await _clock.Set(calendar.Opening, stopping);
        var offers = await new Opening(_scene, _ledger).Play(year, chapter, stopping);
        var atOpening = _scene.Holdings.Copy();
        await _auctions.Play("first auction", _scene.Plan.FirstAuction(year, _scene.Holdings, offers),
            calendar.FirstAuctionOpens, calendar.FirstAuctionCloses, chapter, stopping);
        await _days.ReadTrades(stopping);
        for (var session = 1; session <= MarketPlan.Sessions; session++)
            await _days.Session(session, calendar.Session(session),
                _scene.Plan.Session(year, session, _scene.Holdings, offers, atOpening), chapter, stopping);
        await _auctions.Play("final auction", _scene.Plan.FinalAuction(year, _scene.Holdings),
            calendar.FinalAuctionOpens, calendar.FinalAuctionCloses, chapter, stopping);
        await _days.ReadTrades(stopping);
        await Settle(calendar, chapter, stopping);
        await Withdraw(year, chapter, stopping);
        await new Compliance(_scene, _clock, _ledger).Play(calendar, chapter, stopping);
        chapter.End();
    }

    private async Task Settle(MarketCalendar calendar, IChapter chapter, CancellationToken stopping)
    {
        await _clock.Set(calendar.AfterTrading, stopping);
        await _days.AreCleared(calendar.Year, chapter, stopping);
        await _ledger.Agrees("the trades on the ledger", stopping);
        await _ledger.IsMirrored("Trading to see the trades settled", stopping);
    }

    private async Task Withdraw(int year, IChapter chapter, CancellationToken stopping)
    {
        var withdrawals = _scene.Plan.Withdrawals(year, _scene.Holdings);
        chapter.Begin("withdrawals", withdrawals.Length);
        await Scene.InParallel(withdrawals, chapter, (withdrawal, token) => _scene.Market.Put(
            _scene.Cast.Operator(withdrawal.OperatorId).Client, Scene.Trading($"withdrawals/{withdrawal.Id}"),
            new NewWithdrawal(Scene.Instrument, withdrawal.Amount), token), stopping);
        foreach (var withdrawal in withdrawals)
            _scene.Holdings.Withdraw(withdrawal.OperatorId, withdrawal.Amount);
        await _ledger.Agrees("the withdrawals on the operators' accounts", stopping);
        chapter.Note($"{withdrawals.Length} operators, {withdrawals.Sum(each => each.Amount):N0} t");
    }
}
