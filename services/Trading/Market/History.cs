using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.MarketData;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Surveillance;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using Marten;

namespace CarbonMarket.Trading.Market;

/// <summary>
/// The names under which facts are stored for ever, and the documents in which finished things can be looked up once the
/// market's memory has let go of them.
/// </summary>
internal static class History
{
    /// <summary>What the views are made of. Of a composition that does not say so itself, every event is read.</summary>
    private static readonly IReadOnlyList<Type> Viewed =
    [
        typeof(AuctionAnnounced), typeof(AuctionRescheduled), typeof(AuctionClosed), typeof(FixedPriceSaleAnnounced), typeof(FixedPriceSaleClosed),
        typeof(ControlImposed), typeof(LiftAsked), typeof(ControlLifted), typeof(LargePositionReached),
    ];

    /// <summary>Most of the journal. What is made of it is made by followers of the market itself.</summary>
    public static readonly IReadOnlyList<Type> Orders = [typeof(OrderAccepted), typeof(OrderReduced), typeof(OrderReplaced), typeof(OrderCancelled), typeof(OrderLapsed)];

    public static void Configure(StoreOptions store)
    {
        store.Events.MapEventType<TradingDayOpened>("market.day-opened.v1");
        store.Events.MapEventType<TradingDayClosed>("market.day-closed.v1");
        store.Events.MapEventType<NothingChanged>("market.nothing-changed.v1");
        store.Events.MapEventType<OrderAccepted>("market.order-accepted.v1");
        store.Events.MapEventType<OrderReduced>("market.order-reduced.v1");
        store.Events.MapEventType<OrderReplaced>("market.order-replaced.v1");
        store.Events.MapEventType<OrderCancelled>("market.order-cancelled.v1");
        store.Events.MapEventType<OrderLapsed>("market.order-lapsed.v1");
        store.Events.MapEventType<TradeExecuted>("market.trade-executed.v1");
        store.Events.MapEventType<TradeSettled>("market.trade-settled.v1");
        store.Events.MapEventType<TradeFailed>("market.trade-failed.v1");
        store.Events.MapEventType<CallUncrossed>("market.call-uncrossed.v1");
        store.Events.MapEventType<AuctionAnnounced>("market.auction-announced.v1");
        store.Events.MapEventType<BidAccepted>("market.bid-accepted.v1");
        store.Events.MapEventType<AuctionRescheduled>("market.auction-rescheduled.v1");
        store.Events.MapEventType<BidWithdrawn>("market.bid-withdrawn.v1");
        store.Events.MapEventType<BidLapsed>("market.bid-lapsed.v1");
        store.Events.MapEventType<AuctionClosed>("market.auction-closed.v1");
        store.Events.MapEventType<BlockOffered>("market.block-offered.v1");
        store.Events.MapEventType<BlockCountered>("market.block-countered.v1");
        store.Events.MapEventType<BlockEnded>("market.block-ended.v1");
        store.Events.MapEventType<FixedPriceSaleAnnounced>("market.fixed-price-sale-announced.v1");
        store.Events.MapEventType<FixedPriceSaleClosed>("market.fixed-price-sale-closed.v1");
        store.Events.MapEventType<ControlImposed>("market.control-imposed.v1");
        store.Events.MapEventType<LiftAsked>("market.control-lift-asked.v1");
        store.Events.MapEventType<ControlLifted>("market.control-lifted.v1");
        store.Events.MapEventType<BandBreached>("market.band-breached.v1");
        store.Events.MapEventType<LargePositionReached>("market.large-position-reached.v1");
        store.Events.MapEventType<AccountFunded>("market.account-funded.v1");
        store.Events.MapEventType<HeldUnitsNoted>("market.held-units-noted.v1");
        store.Events.MapEventType<WithdrawalReleased>("market.withdrawal-released.v1");
        store.Events.MapEventType<WithdrawalCompleted>("market.withdrawal-completed.v1");
        SurveillanceFeature.Configure(store);
        // Together, so that the journal is read once for all of them. Orders and trades are most of it: what is made of them is
        // stored by followers of the market itself, and here no page has any (ADR 31).
        store.Projections.CompositeProjectionFor("views", views =>
        {
            views.Version = MarketDocument.Format;
            views.Add<AuctionViews>();
            views.Add<SaleViews>();
            views.Add<ControlViews>();
            views.Add<LargePositionViews>();
            foreach (var type in Viewed)
                views.IncludeType(type);
        });
        As<OrderView>("orderview");
        As<OrdersKept>("orderskept");
        As<TradeView>("tradeview");
        As<AwardView>("awardview");
        As<BlockView>("blockview");
        store.Schema.For<OrderView>().Index(order => new { order.ParticipantId, order.Market, order.Number });
        store.Schema.For<OrderView>().Index(order => order.Market, index => (index.Name, index.Predicate) = ($"mt_doc_orderview_{MarketDocument.Format}_idx_open", "data ->> 'status' = 'Open'"));
        // Two processes may both believe to lead for a moment: one of them goes on from a position, and the other is told.
        store.Schema.For<OrdersKept>().UseOptimisticConcurrency(true);
        store.Schema.For<JournalPosition>().UseOptimisticConcurrency(true);
        store.Schema.For<TradeView>().Index(trade => new { trade.Market, trade.Sequence });
        store.Schema.For<AuctionView>().Index(auction => new { auction.Market, auction.AuctionId });
        store.Schema.For<AwardView>().Index(award => new { award.AuctionId, award.Sequence });
        store.Schema.For<MarketDataCheckpoint>();
        store.Schema.For<BarView>().Index(bar => new { bar.Market, bar.Instrument, bar.Interval, bar.StartsAtSeconds });
        store.Schema.For<BlockView>().Index(block => new { block.BuyerParticipantId, block.Market });
        store.Schema.For<BlockView>().Index(block => new { block.SellerParticipantId, block.Market });
        store.Schema.For<SaleView>().Index(sale => new { sale.Market, sale.SaleId });
        store.Schema.For<ControlView>().Index(control => new { control.Market, control.Number }).Index(control => control.ParticipantId!);
        store.Schema.For<LargePositionView>().Index(report => new { report.Market, report.Number });

        void As<TDocument>(string table) => store.Schema.For<TDocument>().DocumentAlias($"{table}_{MarketDocument.Format}");
    }
}
