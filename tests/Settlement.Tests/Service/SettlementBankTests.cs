using System.Collections.Concurrent;
using System.Text.Json;
using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Banking;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using Npgsql;

namespace CarbonMarket.Settlement.Service;

/// <summary>Cash comes from a bank and goes to it, which is late, says things twice, refuses, and is away.</summary>
public sealed class SettlementBankTests(SettlementWithABank settlement) : IClassFixture<SettlementWithABank>
{
    private const string Gansu = "gansu";
    private static readonly Guid Smelter = DeterministicGuid.From("bank smelter");
    private static readonly Guid Account = DeterministicGuid.From(Smelter, "trading");

    private readonly Caller _operator = settlement.As("operator", market: Gansu);

    [Fact]
    public async Task Cash_comes_once_and_goes_once_however_the_bank_behaves()
    {
        await settlement.SetClock(new DateTimeOffset(2025, 6, 3, 12, 0, 0, TimeSpan.FromHours(8)));
        (await settlement.As("regulator", market: Gansu).Batch("accounts/batch", new { accountId = Account, participantId = Smelter, type = "trading" })).ShouldBe(["accepted"]);
        var number = (await _operator.Get($"accounts/{Account}")).GetProperty("number").GetString()!;
        await Behave(new { holdBack = 3, repeatEvery = 1 });

        await ADepositIsBookedOnceThoughToldTwice(number);
        await AWithdrawalIsPutAsideAndPaid();
        await WhatTheBankRefusesComesBack();
        await ABankThatIsAwayIsHandedTheOrderAgain();
        await TheOperatorMayAnswerForIt();
        await BothAreHeldAgainstEachOther();
        await AnOrderThatTheBankDoesNotTakeStopsNobodyElse(number);
        await AnOrderThatTheBankFailsOverStopsNobodyElse(number);
        await AnOrderThatWasRefusedByHandMeanwhileIsNotHandedOver();
        await ABankThatListensAndSaysNothingIsSilent();
        await EveryNightADayThatDiffersRaisesTheAlarmUntilItAgrees();
        await WhatIsBookedOnAnotherDayThanTheBanksIsMissingOnNeither(number);

        (await _operator.Get("conservation")).GetProperty("balanced").GetBoolean().ShouldBeTrue();
        (await settlement.As("auditor", market: Gansu).Post("second-book/comparisons", new { })).GetProperty("matches").GetBoolean().ShouldBeTrue();
    }

    private async Task ADepositIsBookedOnceThoughToldTwice(string number)
    {
        await Credit("C-1", number, 100_000);
        await Credit("C-1", number, 100_000);
        (await settlement.Refused(HttpMethod.Post, $"/markets/{Gansu}/credits", new { reference = "C-1", accountNumber = number, amountMinor = 1 })).ShouldBe(409);
        await Eventually.Holds("the cash has arrived", async () => await Cash() == 100_000);
        await Credit("C-2", "CN-620-10000009-00", 5_000);
        await Credit("C-3", number, 7_000);
        await Eventually.Holds("what came after it has arrived too", async () => await Cash() == 107_000);
    }

    private async Task AWithdrawalIsPutAsideAndPaid()
    {
        await Withdraw("first", 40_000);
        await Eventually.Holds("the cash is put aside", async () => await Cash() == 67_000);
        await Eventually.Holds("the bank has paid", async () => await Withdrawn() == 40_000);
        (await Open()).ShouldBe(0);
    }

    private async Task WhatTheBankRefusesComesBack()
    {
        await Behave(new { holdBack = 0, repeatEvery = 2, refuseAboveMinor = 50_000 });
        await Withdraw("too much", 60_000);
        await Eventually.Holds("the cash is back, and Trading is told of it", () => settlement.Promises.Of<TradingAccountsFunded>()
            .SelectMany(envelope => envelope.Fundings).Any(funding => funding.FundingId == Id("too much") && funding.CashMinor == 60_000));
        (await Cash()).ShouldBe(67_000);
        (await Open()).ShouldBe(0);
        await Eventually.Holds("Trading is told that it was taken up", () => settlement.Promises.Of<WithdrawalCompleted>().Any(completed => completed.WithdrawalId == Id("too much")));
        settlement.Promises.Of<WithdrawalCompleted>().Count(completed => completed.WithdrawalId == Id("too much")).ShouldBe(1);
    }

    private async Task ABankThatIsAwayIsHandedTheOrderAgain()
    {
        await settlement.BankCloses();
        await Withdraw("third", 10_000);
        await Eventually.Holds("the cash is put aside", async () => await Open() == 1);
        (await _operator.Refused(503, HttpMethod.Get, "bank-reconciliations/2025-06-03")).ShouldBe("settlement-bank-silent");
        await settlement.Restart();
        (await Open()).ShouldBe(1);
        await settlement.BankOpens();
        await Eventually.Holds("the bank has paid", async () => await Withdrawn() == 50_000);
    }

    private async Task TheOperatorMayAnswerForIt()
    {
        await Behave(new { holdBack = 1_000_000 });
        await Withdraw("fourth", 1_000);
        await Eventually.Holds("the bank has paid without telling", async () =>
            (await _operator.Get("bank-reconciliations/2025-06-03")).GetProperty("differenceCount").GetInt32() == 2);
        var answer = new { bankReference = $"PAY-{Id("fourth"):N}" };
        (await _operator.Refused(404, HttpMethod.Post, $"payouts/{Id("nobody's")}/answer", answer)).ShouldBe("unknown-payout");
        (await _operator.Refused(400, HttpMethod.Post, $"payouts/{Id("fourth")}/answer", new { })).ShouldBe("invalid-input");
        (await _operator.Post($"payouts/{Id("fourth")}/answer", answer)).GetProperty("paid").GetBoolean().ShouldBeTrue();
        (await _operator.Refused(422, HttpMethod.Post, $"payouts/{Id("fourth")}/answer", new { answer.bankReference, refusal = "no" })).ShouldBe("payout-answered");
        (await Withdrawn()).ShouldBe(51_000);
        await Behave(new { });
    }

    private async Task BothAreHeldAgainstEachOther()
    {
        var reconciliation = await _operator.Get("bank-reconciliations/2025-06-03");
        reconciliation.GetProperty("matched").GetInt32().ShouldBe(5);
        var difference = reconciliation.GetProperty("differences").EnumerateArray().ShouldHaveSingleItem();
        (difference.GetProperty("code").GetString(), difference.GetProperty("reference").GetString()).ShouldBe(("not-in-ledger", "C-2"));

        // The operator finds out whose it is and books it under the id that the difference names; another line nobody at the bank knows.
        (await _operator.Batch("cash-deposits/batch",
            new { depositId = difference.GetProperty("transactionId").GetGuid(), accountId = Account, amountMinor = 5_000 },
            new { depositId = Id("by hand"), accountId = Account, amountMinor = 3 })).ShouldBe(["accepted", "accepted"]);
        difference = (await _operator.Get("bank-reconciliations/2025-06-03")).GetProperty("differences").EnumerateArray().ShouldHaveSingleItem();
        (difference.GetProperty("code").GetString(), difference.GetProperty("transactionId").GetGuid()).ShouldBe(("not-at-bank", Id("by hand")));
    }

    private async Task AnOrderThatTheBankDoesNotTakeStopsNobodyElse(string number)
    {
        await settlement.Tell(HttpMethod.Put, $"/markets/{Gansu}/payments/{Id("known otherwise")}", new { accountNumber = number, amountMinor = 9 });
        await Withdraw("known otherwise", 500);
        await Eventually.Holds("the cash is put aside", async () => await Open() == 1);
        var before = await Cash();
        await Credit("C-4", number, 70);
        await Eventually.Holds("what comes after it is booked all the same", async () => await Cash() == before + 70);
    }

    private async Task AnOrderThatTheBankFailsOverStopsNobodyElse(string number)
    {
        await Behave(new { failAboveMinor = 700 });
        var (before, paid) = (await Cash(), await Withdrawn());
        await Withdraw("breaks the bank", 701);
        await Eventually.Holds("the cash is put aside", async () => await Open() == 1);
        await Credit("C-5", number, 80);
        await Withdraw("after it", 60);
        await Eventually.Holds("what comes after it is booked, and paid, all the same", async () =>
            await Cash() == before - 701 + 80 - 60 && await Withdrawn() == paid + 60);
        await Behave(new { });
        await Eventually.Holds("it is paid when the bank is mended", async () => await Withdrawn() == paid + 60 + 701);
    }

    private async Task AnOrderThatWasRefusedByHandMeanwhileIsNotHandedOver()
    {
        await settlement.BankCloses();
        var (cash, paid, open) = (await Cash(), await Withdrawn(), await Open());
        await Withdraw("one of two", 300);
        await Withdraw("the other of two", 300);
        await Eventually.Holds("the cash of both is put aside", async () => await Open() == open + 2);

        using var goOn = new SemaphoreSlim(0);
        var (handed, first) = (new ConcurrentQueue<Guid>(), new TaskCompletionSource<Guid>());
        settlement.OnTheWay = async request =>
        {
            if (!request.Path.Value!.Contains("/payments/", StringComparison.Ordinal))
                return;
            var order = Guid.Parse(request.Path.Value.Split('/')[^1]);
            handed.Enqueue(order);
            first.TrySetResult(order);
            await goOn.WaitAsync();
        };
        await settlement.BankOpens();
        var answered = await first.Task.WaitAsync(TimeSpan.FromSeconds(30)) == Id("one of two") ? Id("the other of two") : Id("one of two");
        (await _operator.Post($"payouts/{answered}/answer", new { bankReference = "by telephone", refusal = "The account is closed." })).GetProperty("paid").GetBoolean().ShouldBeFalse();
        goOn.Release(10);

        await Eventually.Holds("the first is paid", async () => await Withdrawn() == paid + 300);
        handed.ShouldNotContain(answered);
        (await Cash()).ShouldBe(cash - 300);
        settlement.OnTheWay = _ => Task.CompletedTask;
    }

    private async Task ABankThatListensAndSaysNothingIsSilent()
    {
        using var speaks = new SemaphoreSlim(0);
        settlement.OnTheWay = request => request.Path.Value!.Contains("/statements/", StringComparison.Ordinal) ? speaks.WaitAsync() : Task.CompletedTask;
        (await _operator.Refused(503, HttpMethod.Get, "bank-reconciliations/2025-06-03")).ShouldBe("settlement-bank-silent");
        speaks.Release(10);
        settlement.OnTheWay = _ => Task.CompletedTask;
    }

    private async Task EveryNightADayThatDiffersRaisesTheAlarmUntilItAgrees()
    {
        (await _operator.Refused(422, HttpMethod.Post, "bank-reconciliations/2025-06-03", new { })).ShouldBe("day-not-over");
        await settlement.SetClock(new DateTimeOffset(2025, 6, 4, 9, 0, 0, TimeSpan.FromHours(8)));
        await Credit("C-9", "CN-620-10000009-00", 900);
        await Eventually.Holds("the night has found what was booked by hand, and what the bank has paid under an id of ours", async () => Shown(await Differing()) is "2025-06-03 amount-differs+not-at-bank");
        (await Alarm()).ShouldBe("Degraded: gansu: 2 differences on 2025-06-03");

        // Two days later both days between have been looked at, also the one that time has jumped over.
        await settlement.SetClock(new DateTimeOffset(2025, 6, 6, 9, 0, 0, TimeSpan.FromHours(8)));
        await Eventually.Holds("the other day is there", async () => Shown(await Differing()) is "2025-06-04 not-in-ledger, 2025-06-03 amount-differs+not-at-bank");
        await Eventually.Holds("so is the day after it", async () => Day((await Days()).GetProperty("items")[0]) == "2025-06-05");
        var page = await Days();
        page.GetProperty("items").EnumerateArray().Select(item => (Day(item), item.GetProperty("found").GetProperty("agrees").GetBoolean()))
            .ShouldBe([("2025-06-05", true), ("2025-06-04", false)]);
        page.GetProperty("next").GetString().ShouldBe("2025-06-04");
        var difference = (await Differing())[0].GetProperty("found").GetProperty("differences")[0];
        (difference.GetProperty("bankMinor").GetInt64(), difference.GetProperty("ledgerMinor").ValueKind).ShouldBe((900, JsonValueKind.Null));

        (await _operator.Batch("cash-deposits/batch", new { depositId = difference.GetProperty("transactionId").GetGuid(), accountId = Account, amountMinor = 900 }))
            .ShouldBe(["accepted"]);
        (await _operator.Post("bank-reconciliations/2025-06-04", new { })).GetProperty("found").GetProperty("agrees").GetBoolean().ShouldBeTrue();
        Shown(await Differing()).ShouldBe("2025-06-03 amount-differs+not-at-bank");
        (await Alarm()).ShouldBe("Degraded: gansu: 2 differences on 2025-06-03");

        await settlement.Restart();
        await Eventually.Holds("a process that leads anew knows of it", async () => await Alarm() is "Degraded: gansu: 2 differences on 2025-06-03");
        await WhatAnotherHasMendedIsForgottenByWhoLeadsAgain();
        await Eventually.Holds("each finding is one event", () => settlement.Promises.Of<EventsRecorded>().SelectMany(recorded => recorded.Entries)
            .Where(recorded => recorded.Type == "ledger.bank-differed.v1").DistinctBy(recorded => recorded.EventId).Count() == 2);
    }

    /// <summary>As when another instance has led in between: this one knows only what the tables say.</summary>
    private async Task WhatAnotherHasMendedIsForgottenByWhoLeadsAgain()
    {
        await Tell("update postings.bank_reconciliations set difference_count = 0 where day = '2025-06-03'");
        await LeadAgain();
        await Eventually.Holds("the alarm is over", async () => await Alarm() is "Healthy: ");
        await Tell("update postings.bank_reconciliations set difference_count = 2 where day = '2025-06-03'");
        await LeadAgain();
        await Eventually.Holds("the alarm is back", async () => await Alarm() is "Degraded: gansu: 2 differences on 2025-06-03");

        Task LeadAgain() => Tell("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'settlement-leader' and datname = current_database()");
    }

    private async Task Tell(string sql)
    {
        await using var database = NpgsqlDataSource.Create(settlement.Postgres);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task WhatIsBookedOnAnotherDayThanTheBanksIsMissingOnNeither(string number)
    {
        await settlement.SetClock(new DateTimeOffset(2025, 6, 7, 9, 0, 0, TimeSpan.FromHours(8)));
        await Eventually.Holds("the 6th agrees, on which the credit of the 4th was booked", async () => await Latest() is ("2025-06-06", true));
        (await Alarm()).ShouldBe("Degraded: gansu: 2 differences on 2025-06-03");

        // The bank pays on the 7th and does not tell; the operator answers for it on the 8th.
        await Behave(new { holdBack = 1_000_000 });
        await Withdraw("fifth", 200);
        await Eventually.Holds("the bank has paid", async () => await Codes("2025-06-07") is "not-in-ledger");
        await settlement.SetClock(new DateTimeOffset(2025, 6, 8, 9, 0, 0, TimeSpan.FromHours(8)));
        await Eventually.Holds("the night has found it", async () => await Latest() is ("2025-06-07", false));
        await _operator.Post($"payouts/{Id("fifth")}/answer", new { bankReference = $"PAY-{Id("fifth"):N}" });
        await settlement.SetClock(new DateTimeOffset(2025, 6, 9, 9, 0, 0, TimeSpan.FromHours(8)));
        await Eventually.Holds("both days agree", async () => await Latest() is ("2025-06-08", true) && Shown(await Differing()) is "2025-06-03 amount-differs+not-at-bank");

        // What the ledger has before midnight and the bank after it: as when the bank's clock is ahead.
        (await _operator.Batch("cash-deposits/batch", new { depositId = BankEntry.DepositId(Gansu, "C-11"), accountId = Account, amountMinor = 40 })).ShouldBe(["accepted"]);
        (await Codes("2025-06-09")).ShouldBe("not-at-bank");
        await settlement.SetClock(new DateTimeOffset(2025, 6, 10, 0, 0, 1, TimeSpan.FromHours(8)));
        await Credit("C-11", number, 40);
        (await Codes("2025-06-09")).ShouldBe("");
        (await Codes("2025-06-10")).ShouldBe("");
    }

    private async Task<(string Day, bool Agrees)> Latest() => (await Days()).GetProperty("items")[0] is var item
        ? (Day(item), item.GetProperty("found").GetProperty("agrees").GetBoolean())
        : default;

    private async Task<string> Codes(string day) => Codes(await _operator.Get($"bank-reconciliations/{day}"));

    private static string Codes(JsonElement reconciliation) =>
        string.Join('+', reconciliation.GetProperty("differences").EnumerateArray().Select(difference => difference.GetProperty("code").GetString()));

    private Task<JsonElement> Days() => _operator.Get("bank-reconciliations?limit=2");

    private async Task<JsonElement[]> Differing() => [.. (await _operator.Get("bank-reconciliations?differing=true")).GetProperty("items").EnumerateArray()];

    private static string Shown(IEnumerable<JsonElement> reconciliations) => string.Join(", ", reconciliations.Select(item =>
        $"{Day(item)} {Codes(item.GetProperty("found"))}"));

    private static string Day(JsonElement reconciliation) => reconciliation.GetProperty("found").GetProperty("day").GetString()!;

    private async Task<string> Alarm() => (await _operator.Get("/health/ready")).GetProperty("checks").GetProperty("settlement-bank") is var check
        ? $"{check.GetProperty("status").GetString()}: {check.GetProperty("description").GetString()}"
        : string.Empty;

    private Task Behave(object behaviour) => settlement.Tell(HttpMethod.Put, "/behaviour", behaviour);

    private Task Credit(string reference, string number, long minor) =>
        settlement.Tell(HttpMethod.Post, $"/markets/{Gansu}/credits", new { reference, accountNumber = number, amountMinor = minor });

    private Task Withdraw(string name, long minor) => settlement.Tell(new WithdrawalReleased
    {
        Market = Gansu, WithdrawalId = Id(name), ParticipantId = Smelter, Quantity = 0, CashMinor = minor, ReleasedAt = settlement.LegalTime,
    });

    private async Task<long> Cash() => (await _operator.Get("trading-accounts")).GetProperty("items").EnumerateArray().Sum(account => account.GetProperty("cashMinor").GetInt64());

    private async Task<long> Withdrawn() => (await _operator.Get("conservation")).GetProperty("cash").GetProperty("withdrawnMinor").GetInt64();

    private async Task<int> Open() => (await _operator.Get("payouts")).GetProperty("items").GetArrayLength();

    private static Guid Id(string name) => DeterministicGuid.From($"bank {name}");
}
