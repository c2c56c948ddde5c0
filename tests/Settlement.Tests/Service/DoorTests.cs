using System.Text.Json;
using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using Grpc.Core;

namespace CarbonMarket.Settlement.Service;

/// <summary>Who may come in, and what is said to those who ask wrongly.</summary>
public sealed class DoorTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private static readonly Guid Somebody = DeterministicGuid.From("somebody");

    [Theory]
    [InlineData("POST", "accounts/batch", "emitter")]
    [InlineData("GET", "accounts/authority", "emitter")]
    [InlineData("PUT", "issuances/0b2bb2f0-0000-4000-8000-000000000001", "operator")]
    [InlineData("POST", "issuances/0b2bb2f0-0000-4000-8000-000000000001/approval", "trader")]
    [InlineData("POST", "cash-deposits/batch", "regulator")]
    [InlineData("PUT", "transfers/0b2bb2f0-0000-4000-8000-000000000001", "auditor")]
    [InlineData("PUT", "surrenders/0b2bb2f0-0000-4000-8000-000000000001", "trader")]
    [InlineData("PUT", "transactions/0b2bb2f0-0000-4000-8000-000000000001", "auditor")]
    [InlineData("POST", "transactions/0b2bb2f0-0000-4000-8000-000000000001/claim", "operator")]
    [InlineData("POST", "transactions/0b2bb2f0-0000-4000-8000-000000000001/comments", "operator")]
    [InlineData("POST", "transactions/0b2bb2f0-0000-4000-8000-000000000001/approval", "operator")]
    [InlineData("POST", "transactions/approvals/batch", "operator")]
    [InlineData("POST", "transactions/0b2bb2f0-0000-4000-8000-000000000001/rejection", "auditor")]
    [InlineData("POST", "transactions/0b2bb2f0-0000-4000-8000-000000000001/withdrawal", "verifier")]
    [InlineData("GET", "transactions/waiting", "verifier")]
    [InlineData("PUT", "freezes/0b2bb2f0-0000-4000-8000-000000000001", "operator")]
    [InlineData("POST", "freezes/0b2bb2f0-0000-4000-8000-000000000001/lifting", "emitter")]
    [InlineData("GET", "freezes/0b2bb2f0-0000-4000-8000-000000000001", "trader")]
    [InlineData("PUT", "accounts/0b2bb2f0-0000-4000-8000-000000000001/trusted/0b2bb2f0-0000-4000-8000-000000000002", "regulator")]
    [InlineData("PUT", "accounts/0b2bb2f0-0000-4000-8000-000000000001/status/0b2bb2f0-0000-4000-8000-000000000002", "operator")]
    [InlineData("PUT", "caps/0b2bb2f0-0000-4000-8000-000000000001", "operator")]
    [InlineData("POST", "caps/0b2bb2f0-0000-4000-8000-000000000001/approval", "auditor")]
    [InlineData("GET", "caps", "emitter")]
    [InlineData("PUT", "carry-overs/0b2bb2f0-0000-4000-8000-000000000001", "trader")]
    [InlineData("POST", "carry-overs/0b2bb2f0-0000-4000-8000-000000000001/end", "auditor")]
    [InlineData("PUT", "deductions/0b2bb2f0-0000-4000-8000-000000000001", "operator")]
    [InlineData("PUT", "allocation-reductions/0b2bb2f0-0000-4000-8000-000000000001", "emitter")]
    [InlineData("PUT", "average-prices/2025-12", "operator")]
    [InlineData("PUT", "penalties/0b2bb2f0-0000-4000-8000-000000000001", "auditor")]
    [InlineData("POST", "penalties/0b2bb2f0-0000-4000-8000-000000000001/decisions", "emitter")]
    [InlineData("GET", "deadline-notices", "emitter")]
    [InlineData("GET", "conservation", "emitter")]
    [InlineData("POST", "second-book/comparisons", "emitter")]
    [InlineData("GET", "second-book/comparisons/latest", "trader")]
    [InlineData("POST", "postings/rebuild", "regulator")]
    [InlineData("GET", "payouts", "emitter")]
    [InlineData("POST", "payouts/0b2bb2f0-0000-4000-8000-000000000001/answer", "regulator")]
    [InlineData("GET", "bank-reconciliations/2021-06-16", "trader")]
    [InlineData("GET", "bank-reconciliations", "emitter")]
    [InlineData("POST", "bank-reconciliations/2021-06-15", "trader")]
    [InlineData("PUT", "statement-objections/0b2bb2f0-0000-4000-8000-000000000001", "operator")]
    [InlineData("POST", "statement-objections/0b2bb2f0-0000-4000-8000-000000000001/decision", "emitter")]
    [InlineData("GET", "clearing", "trader")]
    [InlineData("GET", "trading-accounts", "verifier")]
    [InlineData("GET", "waiting", "emitter")]
    public async Task A_door_opens_to_its_roles_only(string method, string path, string wrongRole)
    {
        (await settlement.As(null).Send(new HttpMethod(method), path, Body(method))).Status.ShouldBe(401);
        (await settlement.As(wrongRole, Somebody).Send(new HttpMethod(method), path, Body(method))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Trading_asks_on_behalf_of_somebody_who_may_see_everything()
    {
        var question = new ListTradingAccountsRequest { Market = SettlementService.Market, PageSize = 10 };
        (await Should.ThrowAsync<RpcException>(() => settlement.Ask(question, null))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await Should.ThrowAsync<RpcException>(() => settlement.Ask(question, "trader"))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Should.ThrowAsync<RpcException>(() => settlement.Ask(new ListTradingAccountsRequest { Market = "atlantis", PageSize = 10 }, "auditor")))
            .StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(() => settlement.Ask(new ListTradingAccountsRequest { Market = SettlementService.Market, PageSize = 0 }, "auditor")))
            .StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(() => settlement.Ask(
            new ListTradingAccountsRequest { Market = SettlementService.Market, PageSize = 1, AfterParticipantId = "x" }, "auditor")))
            .StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_malformed_batch_is_refused_whole_with_every_fault()
    {
        object[] items =
        [
            new { depositId = Somebody, accountId = Somebody, amountMinor = 0 },
            new { depositId = Somebody, amountMinor = 5 },
            new { depositId = Guid.Empty, accountId = Somebody, amountMinor = -1 },
        ];
        var (status, body) = await settlement.As("operator").Send(HttpMethod.Post, "cash-deposits/batch", new { items });
        status.ShouldBe(400);
        body.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()).ShouldBe([
            "$.items[0].amountMinor", "$.items[1].accountId", "$.items[1]", "$.items[2].depositId", "$.items[2].amountMinor"]);
    }

    [Fact]
    public async Task A_malformed_request_names_every_fault()
    {
        var (status, body) = await settlement.As("emitter", Somebody).Send(HttpMethod.Put, $"surrenders/{Somebody}", new { vintage = 21, quantity = 0 });
        status.ShouldBe(400);
        body.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString())
            .ShouldBe(["$.accountId", "$.instrument", "$.quantity", "$.vintage"]);
    }

    [Fact]
    public async Task Nothing_in_place_of_a_part_is_named()
    {
        var surrender = new { accountId = Somebody, instrument = "UKA", quantity = 1, further = new object?[] { new { instrument = "UKA", quantity = 1 }, null } };
        Faults((await settlement.As("emitter", Somebody).Send(HttpMethod.Put, $"surrenders/{Somebody}", surrender)).Body).ShouldBe([("$.further[1]", "required")]);
    }

    [Theory]
    [InlineData("accounts?limit=0", "limit", "out-of-range")]
    [InlineData("accounts/0b2bb2f0-0000-4000-8000-000000000001/statement?after=1", "after", "invalid-cursor")]
    [InlineData("accounts/0b2bb2f0-0000-4000-8000-000000000001/statement?format=pdf", "format", "unknown-value")]
    [InlineData("clearing?day=yesterday", "day", "invalid-date")]
    [InlineData("units/UKA/21/1", "vintage", "invalid-year")]
    [InlineData("compliance/0b2bb2f0-0000-4000-8000-000000000001/deadline?on=2150-01-01", "on", "invalid-date")]
    [InlineData("compliance/0b2bb2f0-0000-4000-8000-000000000001/deadline?on=0001-01-01", "on", "invalid-date")]
    [InlineData("bank-reconciliations/9999-12-31", "day", "invalid-date")]
    [InlineData("bank-reconciliations/0001-01-01", "day", "invalid-date")]
    public async Task A_fault_says_where_it_is_and_of_what_kind(string question, string path, string code) =>
        Faults((await settlement.As("operator").Send(HttpMethod.Get, question)).Body).ShouldContain((path, code));

    [Fact]
    public async Task What_is_missing_and_what_is_said_twice_is_named()
    {
        var regulator = settlement.As("regulator", Somebody);
        var twice = new { instrument = "UKA", serials = new { vintage = 2021, first = 1, last = 5 }, quantity = 5, kind = "freeze", authority = "court", order = "1" };
        Faults((await regulator.Send(HttpMethod.Put, $"freezes/{Somebody}", twice)).Body).ShouldBe([("$.serials", "said-twice")]);
        Faults((await regulator.Send(HttpMethod.Put, $"transfers/{Somebody}", new { })).Body).ShouldContain(("$.fromAccountId", "required"));
        var part = new { type = "return-of-offsets", fromAccountId = Somebody, toAccountId = Somebody, instrument = "CCER", reverses = Somebody, quantity = 500, vintage = 2021, ground = "ruling 1" };
        Faults((await regulator.Send(HttpMethod.Put, $"transactions/{Somebody}", part)).Body).ShouldBe([("$.reverses", "said-twice")]);
    }

    private static IEnumerable<(string? Path, string? Code)> Faults(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("path").GetString(), error.GetProperty("code").GetString()));

    [Fact]
    public async Task Without_a_bank_there_is_nothing_to_reconcile() =>
        (await settlement.As("operator").Refused(404, HttpMethod.Get, "bank-reconciliations/2021-06-16")).ShouldBe("no-settlement-bank");

    [Fact]
    public async Task Whoever_acts_for_nobody_moves_nothing() =>
        (await settlement.As("emitter").Refused(403, HttpMethod.Put, $"surrenders/{Somebody}", new { })).ShouldBe("no-participant");

    [Theory]
    [InlineData("accounts?limit=0")]
    [InlineData("accounts?limit=501")]
    [InlineData("accounts?after=x")]
    [InlineData("conservation?version=-1")]
    [InlineData("accounts/0b2bb2f0-0000-4000-8000-000000000001/statement?limit=0")]
    [InlineData("accounts/0b2bb2f0-0000-4000-8000-000000000001/statement?after=1")]
    [InlineData("accounts/0b2bb2f0-0000-4000-8000-000000000001/statement?format=pdf")]
    [InlineData("accounts/0b2bb2f0-0000-4000-8000-000000000001/statement?from=2021-06-17T00:00:00Z&to=2021-06-16T00:00:00Z")]
    [InlineData("units/UKA/21/1")]
    [InlineData("units/UKA/2021/0")]
    [InlineData("units/UKA/2021/trace?first=2")]
    [InlineData("units/UKA/2021/trace?first=2&last=1")]
    [InlineData("units/UKA/2021/trace?first=1&last=10000001")]
    [InlineData("units/UKA/2021/trace?first=1&last=2&after=1.2")]
    [InlineData("compliance?limit=0")]
    [InlineData("trading-accounts?limit=1000")]
    [InlineData("clearing?day=yesterday")]
    [InlineData("payouts?limit=0")]
    [InlineData("bank-reconciliations/yesterday")]
    [InlineData("bank-reconciliations?limit=0")]
    [InlineData("bank-reconciliations?after=yesterday")]
    [InlineData("daily-statements?limit=0")]
    [InlineData("daily-statements/0b2bb2f0-0000-4000-8000-000000000001/yesterday")]
    [InlineData("daily-statements/0b2bb2f0-0000-4000-8000-000000000001/2021-06-16?format=xls")]
    [InlineData("daily-statements/0b2bb2f0-0000-4000-8000-000000000001/2021-06-16?after=-1")]
    [InlineData("statement-objections?after=-1")]
    public async Task A_wrong_question_is_refused(string path) =>
        (await settlement.As("operator").Refused(400, HttpMethod.Get, path)).ShouldBe("invalid-input");

    [Fact]
    public async Task A_market_that_does_not_exist_is_not_found() =>
        (await settlement.As("operator").Refused(404, HttpMethod.Get, "/settlement/markets/atlantis/conservation")).ShouldBe("unknown-market");

    [Fact]
    public async Task Somebody_who_is_no_covered_entity_has_no_compliance() =>
        (await settlement.As("emitter", Somebody).Refused(404, HttpMethod.Get, $"compliance/{Somebody}")).ShouldBe("unknown-entity");

    [Theory]
    [InlineData("compliance/{0}/obligations")]
    [InlineData("compliance/{0}/deadline")]
    [InlineData("participants/{0}/carry-overs")]
    [InlineData("participants/{0}/debts")]
    [InlineData("participants/{0}/penalties")]
    public async Task What_another_owes_is_not_told(string path) =>
        (await settlement.As("emitter", Somebody).Refused(403, HttpMethod.Get, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Guid.AllBitsSet)))
            .ShouldBe("not-yours");

    [Fact]
    public async Task Every_endpoint_is_described()
    {
        var paths = (await settlement.As(null).Get("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/settlement/markets/", StringComparison.Ordinal)).ToList();
        paths.Count.ShouldBe(63);
        var undescribed = from path in paths
                          from operation in path.Value.EnumerateObject()
                          where !operation.Value.TryGetProperty("summary", out _) || !operation.Value.GetProperty("responses").EnumerateObject().Any(response => response.Name == "200" && response.Value.TryGetProperty("content", out _))
                          select $"{operation.Name} {path.Name}";
        undescribed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Trades_that_contradict_what_is_booked_end_in_the_error_queue_with_their_reason()
    {
        await settlement.Tell(Envelope(1));
        await Eventually.Holds("the trade is bound", async () =>
            (await settlement.As("operator").Get("clearing?day=2021-06-16")).GetProperty("open").GetInt64() == 1);
        await settlement.Tell(Envelope(2));
        var queue = await Eventually.Gives("it is in the error queue", Errors, found => found is not null);
        queue.ShouldNotBeNull().ShouldContain("command-id-reused");
        (await settlement.As("operator").Get("clearing?day=2021-06-16")).GetProperty("open").GetInt64().ShouldBe(1);
    }

    private async Task<string?> Errors()
    {
        var queues = await settlement.As("operator").Get("/settlement/errors");
        var waiting = queues.GetProperty("items").EnumerateArray().FirstOrDefault(queue => queue.GetProperty("messages").GetInt64() > 0);
        return waiting.ValueKind == JsonValueKind.Undefined
            ? null
            : (await settlement.As("operator").Get($"/settlement/errors/{waiting.GetProperty("queue").GetString()}")).GetRawText();
    }

    private static TradesExecuted Envelope(long quantity) => new()
    {
        Market = SettlementService.Market, FromSequence = 1, ToSequence = 1, Trades =
        [
            new TradesExecuted.Trade
            {
                Sequence = 1, TradeId = Somebody, Instrument = "UKA", BuyerParticipantId = Somebody, SellerParticipantId = Somebody, Quantity = quantity,
                PriceMinorPerUnit = 1, Mode = "continuous", TradingDay = "2021-06-16", ExecutedAt = new DateTimeOffset(2021, 6, 16, 9, 0, 0, TimeSpan.Zero),
            },
        ],
    };

    private static object? Body(string method) => method is "GET" ? null : new { };
}
