using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.MarketData;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.MarketData;

/// <summary>One quote over all vintages of an allowance (综合价格行情).</summary>
public sealed class CompositeQuoteSpecs
{
    private const string Old = "CEA-2024";
    private const string New = "CEA-2025";
    private const string All = "CEA";

    private static readonly Instrument Vintage = Pack.Instrument(Plain)!;

    private static readonly PolicyPack Vintages = Pack with
    {
        Instruments = [Vintage with { Id = Old, Composite = All }, Vintage with { Id = New, Composite = All }, Vintage with { Id = Plain }],
        Composites = [Vintage with { Id = All }],
    };

    private readonly TheJournal _journal = new(new MarketModel([Vintages]));
    private MarketDataFold _fold = new([Vintages]);

    public CompositeQuoteSpecs() => _fold.Evolve(_journal.Commit(
        [Cash(Ann, 1_000_000), Units(Bob, 1_000, Old), Units(Bob, 1_000, New), Units(Bob, 1_000, Plain)]));

    [Fact]
    public void Trades_of_every_vintage_count_and_no_others()
    {
        Meet(Old, 10, 100);
        Meet(New, 30, 90);
        Meet(Plain, 500, 70);
        var quote = Quote();
        (quote.OpenMinor, quote.HighMinor, quote.LowMinor, quote.LastMinor).ShouldBe((Minor(100), Minor(100), Minor(90), Minor(90)));
        (quote.Volume, quote.TurnoverMinor, quote.Trades).ShouldBe((40, 3_700, 2));
        _fold.Snapshot(Composite, MarketDataChannel.Trades).Trades!.Value.Select(trade => trade.Quantity.Value).ShouldBe([10, 30]);
        _fold.Snapshot(Composite, MarketDataChannel.Orders).Orders!.Value.ShouldBeEmpty("it has no book");
    }

    [Fact]
    public void It_closes_at_the_mean_of_all_that_traded_and_changes_from_its_own_close()
    {
        Meet(Old, 10, 100);
        Meet(New, 30, 90);
        Do(new AdvanceTime(EndOfMonday));
        // 3,700 / 40 = 92.5, half up to the tick.
        (Quote().CloseMinor, Quote().ReferenceMinor).ShouldBe((Minor(93), null));

        Meet(New, 1, 102, daysLater: 1);
        (Quote().ReferenceMinor, Quote().ChangeMinor, Quote().ChangeBasisPoints).ShouldBe((Minor(93), 9L, 968L));
    }

    [Fact]
    public void A_day_without_trades_closes_as_the_day_before()
    {
        Meet(Old, 10, 100);
        Do(new AdvanceTime(EndOfMonday));
        Do(Sell(Bob, "tuesday", 1, 500, Old, at: TheMarket.At(10, 0, 1)));
        Do(new AdvanceTime(TheMarket.At(15, 0, 1)));
        Quote().CloseMinor.ShouldBe(Minor(100));
    }

    [Fact]
    public void It_is_the_same_after_a_restart()
    {
        Meet(Old, 10, 100);
        Do(new AdvanceTime(EndOfMonday));
        Meet(New, 30, 90, daysLater: 1);
        _fold = MarketDataFold.Load([Vintages], _fold.Save());
        Do(new AdvanceTime(TheMarket.At(15, 0, 1)));
        (Quote().CloseMinor, Quote().ReferenceMinor).ShouldBe((Minor(90), Minor(100)));
    }

    [Fact]
    public void A_halt_before_the_first_day_is_told_of_it_as_of_its_vintages()
    {
        var before = _fold.Snapshot(Composite, MarketDataChannel.Status);
        Do(Impose(ControlKind.Halt, endsAt: TheMarket.At(11, 0)));
        var halted = _fold.Snapshot(Composite, MarketDataChannel.Status);
        (before.Status!.Stop, halted.Status!.Stop).ShouldBe((null, ControlKind.Halt));
        halted.Sequence.ShouldBe(before.Sequence + 1, "Another state is another number.");
    }

    [Fact]
    public void It_is_asked_for_by_its_id_and_is_among_all_but_has_no_session()
    {
        var selection = MarketDataSelection.Read(Vintages, All, channels: null, new Faults());
        selection.Instruments.ShouldHaveSingleItem().Id.ShouldBe(All);
        selection.SessionsAt(Vintages, Morning).ShouldBeEmpty();
        MarketDataSelection.Read(Vintages, instruments: null, channels: null, new Faults()).Instruments.Select(rules => rules.Id).ShouldBe([Old, New, Plain, All]);
    }

    private static Instrument Composite => Vintages.Composites[0];

    private Ticker Quote() => _fold.Snapshot(Composite, MarketDataChannel.Ticker).Ticker!;

    private void Meet(string instrument, long quantity, long price, int daysLater = 0)
    {
        var at = TheMarket.At(10, 0, daysLater);
        Do(Sell(Bob, $"offer {instrument} {quantity} {daysLater}", quantity, price, instrument, at: at));
        Do(Buy(Ann, $"bid {instrument} {quantity} {daysLater}", quantity, price, instrument, at: at));
    }

    private void Do(MarketCommand command) => _fold.Evolve(_journal.Do(command));

    private static Price Minor(long minor) => Price.OfMinor(minor);
}
