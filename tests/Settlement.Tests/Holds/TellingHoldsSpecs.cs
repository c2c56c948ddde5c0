using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Ledger;
using CsCheck;
using JasperFx.Events;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Holds;

/// <summary>Trading knows how many of the units on a trading account are held.</summary>
public sealed class TellingHoldsSpecs
{
    private static readonly FreezeGround Court = new("Lanzhou Intermediate Court", "2021-114");
    private static readonly LedgerCommand[] Furnished = [OpenTrading(Smelter), OpenHolding(Kiln), .. Issue(Trading(Smelter), 100, Y2021), Allocate("2021", Y2021, (Kiln, 50))];
    private static readonly TellHolds Tell = new(Trading(Smelter), Noon);

    [Fact]
    public void What_is_frozen_on_a_trading_account_is_told_once()
    {
        var ledger = After([.. Furnished, Freeze("one", Trading(Smelter), 70)]);
        NextAction.Possible(ledger, Noon).Select(action => action.Command).ShouldBe([Tell]);
        TheLedger.Given().After([.. Furnished, Freeze("one", Trading(Smelter), 70)]).When(Tell).Then(Told(70));
        NextAction.Possible(Then(ledger, Tell), Noon).ShouldBeEmpty();
        TheLedger.Given().After([.. Furnished, Freeze("one", Trading(Smelter), 70), Tell]).When(Tell).ThenEvents(events => events.ShouldBeEmpty());
    }

    [Fact]
    public void Units_that_two_freezes_hold_count_once_and_are_free_when_both_are_lifted()
    {
        LedgerCommand[] twice =
        [
            .. Furnished, Freeze("one", Trading(Smelter), 70), Freeze("two", Trading(Smelter), null), Tell, new LiftFreeze(Id("one"), Court, OfficialTwo, Noon),
        ];
        NextAction.Possible(After(twice), Noon).ShouldBeEmpty("All 100 are held as before.");
        TheLedger.Given().After([.. twice, new LiftFreeze(Id("two"), Court, OfficialTwo, Noon)]).When(Tell).Then(Told(0));
    }

    [Fact]
    public void Holds_on_other_accounts_are_none_of_Tradings_business() =>
        NextAction.Possible(After([.. Furnished, Freeze("one", Holding(Kiln), 20)]), Noon).ShouldBeEmpty();

    [Fact]
    public void What_has_been_told_outlasts_a_snapshot_and_what_has_not_is_told_after_it()
    {
        var ledger = After([.. Furnished, Freeze("one", Trading(Smelter), 70), Tell]);
        NextAction.Possible(Model.ReadSnapshot(Model.WriteSnapshot(ledger)), Noon).ShouldBeEmpty();
        ledger = Then(ledger, new LiftFreeze(Id("one"), Court, OfficialTwo, Noon));
        NextAction.Possible(Model.ReadSnapshot(Model.WriteSnapshot(ledger)), Noon).Select(action => action.Command).ShouldBe([Tell]);
    }

    [Fact]
    public void Whatever_happens_Trading_was_told_last_what_is_held_now() =>
        RandomHistory.Commands.Sample(commands =>
        {
            var (ledger, told) = (Model.Initial(), new Dictionary<(Guid, string), long>());
            foreach (var command in commands)
            {
                foreach (var @event in RandomHistory.Perform(ledger, command))
                {
                    ledger = Model.Evolve(ledger, @event);
                    if (@event is HeldUnitsTold e)
                        told[(e.AccountId, e.Instrument)] = e.HeldQuantity.Value;
                }
                ledger.Accounts.WithUntoldHolds.ShouldBeEmpty();
                foreach (var account in ledger.Accounts.Opened.Where(account => account.Type == AccountTypes.Trading))
                    told.GetValueOrDefault((account.Id, Uka)).ShouldBe(account.Held.Of(Uka).Value);
            }
        }, iter: 200, threads: 1);

    [Fact]
    public void The_message_carries_the_place_in_the_journal()
    {
        var recorded = new Event<HeldUnitsTold>(Told(70)) { Id = Guid.CreateVersion7(), StreamId = Ledgers.StreamOf("uk-ets"), Version = 42 };
        Publishing.Translate([recorded], new MarketStreams(["uk-ets"], Ledgers.StreamOf)).ShouldHaveSingleItem()
            .Message.ShouldBeOfType<TradingUnitsHeld>().Holds.ShouldBe([
                new TradingUnitsHeld.Hold { ParticipantId = Smelter, Instrument = Uka, Quantity = 70, Version = 42, At = Noon }]);
    }

    private static FreezeUnits Freeze(string id, Guid account, long? quantity) =>
        new(Id(id), account, Uka, null, quantity is { } some ? Units(some) : null, HoldKind.Freeze, Court, OfficialOne, Noon);

    private static HeldUnitsTold Told(long quantity) => new(Trading(Smelter), Smelter, Uka, Units(quantity), Noon);
}
