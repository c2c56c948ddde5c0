using CarbonMarket.Settlement.Ledger;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Accounts;

public sealed class AccountSpecs
{
    private const string First = "UK-100-10000001-10";

    [Fact]
    public void An_account_opens_under_the_next_number_with_check_digits() =>
        TheLedger.Given().When(OpenHolding(Smelter))
            .Then(new AccountOpened(Holding(Smelter), First, Smelter, AccountTypes.OperatorHolding, Noon));

    [Fact]
    public void A_participant_has_one_holding_and_one_trading_account() =>
        TheLedger.Given().After(OpenHolding(Smelter), OpenTrading(Smelter)).When(OpenHolding(Kiln)).ThenState(ledger =>
            ledger.Accounts.Opened.Select(account => account.Type).ShouldBe(["operator-holding", "trading", "operator-holding"]));

    [Fact]
    public void A_second_account_of_the_same_type_is_refused() =>
        TheLedger.Given().After(OpenHolding(Smelter)).When(OpenHolding(Smelter) with { AccountId = Id("another") })
            .ThenRejected("account-already-open");

    [Fact]
    public void An_account_id_is_not_given_to_another_account() =>
        TheLedger.Given().After(OpenHolding(Smelter)).When(OpenHolding(Smelter) with { ParticipantId = Kiln }).ThenRejected("id-reused");

    [Fact]
    public void An_account_type_unknown_to_the_policy_pack_is_refused() =>
        TheLedger.Given().When(OpenHolding(Smelter) with { Type = "piggy-bank" }).ThenRejected("unknown-account-type");

    [Fact]
    public void A_participant_does_not_open_an_account_of_the_authority() =>
        TheLedger.Given().When(OpenHolding(Smelter) with { Type = AccountTypes.Surrender }).ThenRejected("account-type-of-authority");

    [Fact]
    public void Trades_that_came_before_the_trading_account_bind_it_when_it_opens() =>
        TheLedger.Given().After(Lock(Trade(1, Smelter, Kiln, 10, 5))).When(OpenTrading(Smelter)).ThenState(ledger =>
        {
            ledger.Accounts.Trading(Smelter)!.Pending(Uka).In.ShouldBe(Units(10));
            ledger.Accounts.Trading(Smelter)!.CashPendingOut.ShouldBe(Pence(50));
        });

    [Fact]
    public void Accounts_are_paged_in_the_order_they_were_opened_for_one_holder_as_for_all()
    {
        var accounts = After(OpenHolding(Smelter), OpenHolding(Kiln), OpenTrading(Smelter), OpenHolding(Broker)).Accounts;
        accounts.OpenedAfter(0, null).Select(opened => opened.Place).ShouldBe([1, 2, 3, 4]);
        accounts.OpenedAfter(2, null).Select(opened => opened.Account.Id).ShouldBe([Trading(Smelter), Holding(Broker)]);
        accounts.OpenedAfter(0, Smelter).ShouldBe([(1, accounts[Holding(Smelter)]), (3, accounts[Trading(Smelter)])]);
        accounts.OpenedAfter(1, Smelter).Select(opened => opened.Place).ShouldBe([3]);
        accounts.OpenedAfter(0, Id("nobody")).ShouldBeEmpty();
        accounts.OpenedAfter(int.MaxValue, null).ShouldBeEmpty();
    }

    [Fact]
    public void Every_number_is_valid_and_no_single_mistyped_digit_is() =>
        Gen.Select(Gen.Long[1, 99_999_999], Gen.Int[0, 7], Gen.Int[1, 9]).Sample((serial, place, shift) =>
        {
            var number = AccountNumber.Of("UK-100", serial);
            var at = "UK-100-".Length + place;
            var wrong = number[..at] + (char)('0' + (number[at] - '0' + shift) % 10) + number[(at + 1)..];
            return AccountNumber.IsValid(number) && !AccountNumber.IsValid(wrong);
        });

    [Fact]
    public void Two_swapped_digits_are_noticed() =>
        Gen.Select(Gen.Long[1, 99_999_999], Gen.Int[0, 6]).Sample((serial, place) =>
        {
            var number = AccountNumber.Of("UK-100", serial);
            var at = "UK-100-".Length + place;
            var swapped = number[..at] + number[at + 1] + number[at] + number[(at + 2)..];
            return swapped == number || !AccountNumber.IsValid(swapped);
        });
}
