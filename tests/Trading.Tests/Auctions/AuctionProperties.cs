using System.Collections.Immutable;
using System.Text;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using CsCheck;
using static CarbonMarket.Trading.Tests.Auctions.AnAuction;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

/// <summary>
/// A few participants announcing, bidding, changing, withdrawing, putting off and aborting at random, for fees. Whatever a step
/// asks for may well be refused; most of it is not.
/// </summary>
public sealed class AuctionProperties
{
    private const long Iterations = 200;

    private static readonly ImmutableArray<Guid> Participants = [.. Enumerable.Range(1, 4).Select(i => Id($"participant {i}"))];

    private static readonly Gen<Step[]> Steps = Gen.Select(
        Gen.Int[0, 15], Gen.Int[0, 3], Gen.Long[1, 40], Gen.Long[1, 6], Gen.Int[0, 1_000_000], (kind, who, quantity, price, any) =>
            new Step(kind, Participants[who], Quantity.Of(quantity), Price.OfMinor(price), any)).Array[1, 120];

    [Fact]
    public void What_is_reserved_is_what_stands_and_nothing_is_overdrawn() => Steps.Sample(
        steps =>
        {
            var run = new Run();
            foreach (var step in steps)
            {
                run.Take(step);
                foreach (var participant in Participants)
                    ReservedIsWhatStands(run.Market, participant);
            }
        }, iter: Iterations);

    [Fact]
    public void Every_result_follows_from_the_events_alone() => Steps.Sample(
        steps =>
        {
            var run = new Run();
            foreach (var step in steps)
                run.Take(step);
            foreach (var closed in run.Journal.OfType<AuctionClosed>().Where(closed => closed.Figures!.Note is null))
            {
                var (result, trades) = (Recomputed(run.Journal, closed.AuctionId), Trades(run.Journal, closed.AuctionId));
                trades.ShouldBe(result.Awards);
                (closed.ClearingPrice, closed.Sold, closed.QuantityBid, closed.Figures!.Outcome, closed.Figures.AbortReason)
                    .ShouldBe((result.MarginalPrice, result.Sold, result.QuantityBid, result.Outcome, result.AbortReason));
                closed.Figures.Revenue.ShouldBe(AuctionReport.RevenueOf(trades));
                if (closed.ClearingPrice is { } price)
                    price.ShouldBeInRange(closed.Figures.Bounds!.Lowest, closed.Figures.Bounds.Highest, "a price that nobody has bid is no result");
            }
        }, iter: Iterations);

    [Fact]
    public void Replay_and_snapshot_with_tail_give_the_live_state() => Gen.Select(Steps, Gen.Double[0, 1]).Sample(
        (steps, part) =>
        {
            var run = new Run();
            foreach (var step in steps)
                run.Take(step);
            var live = Text(run.Market);
            Text(run.Journal.Aggregate(OpenModel.Initial(), OpenModel.Evolve)).ShouldBe(live);
            var cut = (int)(run.Journal.Count * part);
            var restored = OpenModel.ReadSnapshot(OpenModel.WriteSnapshot(
                run.Journal.Take(cut).Aggregate(OpenModel.Initial(), OpenModel.Evolve)));
            Text(run.Journal.Skip(cut).Aggregate(restored, OpenModel.Evolve)).ShouldBe(live);
        }, iter: Iterations);

    [Fact]
    public void The_steps_lead_everywhere() => Steps.Array[5_000].Sample(
        runs =>
        {
            string[] places = ["sold", "bought", "none", "no-bids", "cover-too-low", "by-initiator", "by-authority", "withdrawn", "rescheduled"];
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var steps in runs.TakeWhile(_ => !seen.SetEquals(places)))
            {
                var run = new Run();
                foreach (var step in steps)
                    run.Take(step);
                seen.UnionWith(run.Journal.Select(Place).OfType<string>());
            }
            seen.ShouldBe(places, ignoreOrder: true);
        }, iter: 1);

    private static string? Place(MarketEvent @event) => @event switch
    {
        TradeExecuted trade => trade.Purchase ? "bought" : "sold",
        AuctionClosed closed => closed.Figures!.AbortReason ?? "none",
        BidWithdrawn => "withdrawn",
        AuctionRescheduled => "rescheduled",
        _ => null,
    };

    private static void ReservedIsWhatStands(MarketState market, Guid participant)
    {
        var account = market.Accounts[participant];
        var bids = market.OpenAuctions.Values.SelectMany(auction => auction.BidsOf(participant).Where(bid => !bid.Withdrawn).Select(bid => (auction, bid))).ToList();
        var own = market.OpenAuctions.Values.Where(auction => auction.InitiatorParticipantId == participant).ToList();
        account.Cash.Reserved.ShouldBe(
            bids.Where(each => !each.auction.IsPurchase).Sum(each => Covered(each.bid.Quantity, each.bid.Price))
            + own.Where(auction => auction.IsPurchase).Sum(auction => Covered(auction.Quantity, auction.ReservePrice)));
        account.Units[Plain].Reserved.ShouldBe(
            bids.Where(each => each.auction.IsPurchase).Sum(each => each.bid.Quantity.Value)
            + own.Where(auction => !auction.IsPurchase).Sum(auction => auction.Quantity.Value));
        account.Units[Plain].Ordered.ShouldBe(
            bids.Where(each => !each.auction.IsPurchase).Sum(each => each.bid.Quantity.Value)
            + own.Where(auction => auction.IsPurchase).Sum(auction => auction.Quantity.Value));
        account.Cash.Free.ShouldBeGreaterThanOrEqualTo(0);
        account.Units[Plain].Free.ShouldBeGreaterThanOrEqualTo(0);
        (market.Accounts.Values.Sum(each => each.Cash.PendingIn) + market.Uncleared.Values.Sum(trade => (trade.BuyerFee + trade.SellerFee).Minor))
            .ShouldBe(market.Accounts.Values.Sum(each => each.Cash.PendingOut));
        market.Accounts.Values.Sum(each => each.Units[Plain].PendingIn).ShouldBe(market.Accounts.Values.Sum(each => each.Units[Plain].PendingOut));
    }

    /// <summary>Buyers pay 3 %.</summary>
    private static long Covered(Quantity quantity, Price price) => quantity.Value * (price.MinorPerUnit + (long)Math.Ceiling(price.MinorPerUnit * 0.03m));

    private static AuctionResult Recomputed(List<MarketEvent> journal, Guid auctionId)
    {
        var announced = journal.OfType<AuctionAnnounced>().Single(e => e.AuctionId == auctionId);
        var withdrawn = journal.OfType<BidWithdrawn>().Where(e => e.AuctionId == auctionId).Select(e => e.BidId).ToHashSet();
        return AuctionClearing.Clear(
            announced.Terms ?? AuctionTerms.Usual, announced.Quantity, announced.ReservePrice, lotSize: 1,
            [
                .. journal.OfType<BidAccepted>().Where(e => e.AuctionId == auctionId && !withdrawn.Contains(e.BidId))
                    .Select(e => new SealedBid(e.BidId, e.ParticipantId, e.Quantity, e.Price)),
            ]);
    }

    private static List<Award> Trades(List<MarketEvent> journal, Guid auctionId) =>
    [
        .. journal.OfType<TradeExecuted>().Where(trade => (trade.Purchase ? trade.BuyOrderId : trade.SellOrderId) == auctionId)
            .Select(trade => AwardView.Of(trade, auctionId).Award).Select(won => new Award(won.BidId, won.ParticipantId, won.Quantity, won.PriceMinor)),
    ];

    private static string Text(MarketState market) => Encoding.UTF8.GetString(OpenModel.WriteSnapshot(market));

    private sealed record Step(int Kind, Guid Who, Quantity Quantity, Price Price, int Any);

    private sealed class Run
    {
        private static readonly MarketModel Charged = new([OpenPack.With(Plain, rules => rules with { Fees = new TradeFees(300, 1_250) })]);

        private DateTimeOffset _clock = At(9, 0);
        private int _steps;

        public Run()
        {
            foreach (var participant in Participants)
            {
                Add(Issued(participant, 150));
                Add(Cash(participant, 1_000));
            }
        }

        public MarketState Market { get; private set; } = OpenModel.Initial();

        public List<MarketEvent> Journal { get; } = [];

        public void Take(Step step)
        {
            _steps++;
            if (Command(step) is { } command && Charged.Decide(Market, command) is Decision<MarketEvent>.Accepted accepted)
                foreach (var @event in accepted.Events)
                    Add(@event);
        }

        private void Add(MarketEvent @event)
        {
            Journal.Add(@event);
            Market = OpenModel.Evolve(Market, @event);
        }

        private MarketCommand? Command(Step step)
        {
            var (id, auction) = (Id($"step {_steps}"), Market.OpenAuctions.Values.OrderBy(open => open.AuctionId).ElementAtOrDefault(step.Any % 3));
            var own = auction?.BidsOf(step.Who).Where(bid => !bid.Withdrawn).ElementAtOrDefault(step.Any % 2);
            switch (step.Kind)
            {
                case <= 2:
                    return Announce(id, step);
                case <= 7:
                    return auction is null ? null : new PlaceBid(id, auction.AuctionId, step.Who, step.Quantity, step.Price, _clock);
                case 8:
                    return auction is null ? null
                        : new PlaceBid(id, auction.AuctionId, step.Who, step.Quantity, step.Price, _clock) { ReplacesBidId = own?.BidId };
                case 9:
                    return own is null ? null : new WithdrawBid(own.BidId, auction!.AuctionId, step.Who, _clock);
                case 10:
                    return auction is null ? null : new AbortAuction(auction.AuctionId, step.Any % 5 == 0 ? null : step.Who, "Not now.", _clock);
                case 11:
                    return auction is null ? null : new RescheduleAuction(
                        auction.AuctionId, step.Any % 2 == 0 ? null : step.Who, auction.OpensAt, auction.ClosesAt.AddMinutes(step.Any % 30), _clock);
                case 12:
                    _clock = At(9, 0, daysLater: Math.Min(27, (_clock.Date - At(0, 0).Date).Days + 1));
                    return new AdvanceTime(_clock);
                default:
                    _clock = _clock.AddMinutes(step.Any % 60);
                    return step.Any % 2 == 0 ? new AdvanceTime(_clock) : null;
            }
        }

        private AnnounceAuction Announce(Guid id, Step step)
        {
            var (buys, official) = (step.Any % 3 == 0, step.Any % 3 == 1 && step.Any % 2 == 0);
            var terms = new AuctionTerms(
                buys ? AuctionDirection.Purchase : AuctionDirection.Sale, step.Any % 5 < 2 ? AuctionPricing.PayAsBid : AuctionPricing.Uniform,
                step.Any % 7 < 2 ? 15_000 : null, step.Any % 7 == 2 ? 5_000 : null, step.Any % 11 < 5 ? TieBreak.ProRata : TieBreak.Time);
            return new AnnounceAuction(
                id, Plain, step.Quantity, step.Price, _clock.AddHours(1), _clock.AddHours(2), buys ? null : step.Who, _clock)
            {
                BuyerParticipantId = buys ? step.Who : null, Terms = terms, OnOwnBehalf = !official,
            };
        }
    }
}
