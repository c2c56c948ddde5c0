using System.Text.Json;
using CarbonMarket.Testing.Service;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>Who is let in, and what is turned away at the door.</summary>
public sealed class DoorTests(TradingService trading) : IClassFixture<TradingService>
{
    private readonly Caller _trader = trading.As("trader", Ann);

    [Fact]
    public async Task Nobody_trades_without_a_token_or_the_right_role()
    {
        await trading.As(null).Refused(401, HttpMethod.Post, "orders/batch", new { items = Array.Empty<object>() });
        await trading.As("auditor", Ann).Refused(403, HttpMethod.Post, "orders/batch", new { items = Array.Empty<object>() });
        await trading.As("verifier", Ann).Refused(403, HttpMethod.Put, $"auctions/{Id("sale")}", new { });
        await trading.As("trader", Ann).Refused(403, HttpMethod.Get, $"auctions/{Id("sale")}/awards");
        await trading.As("trader", Ann).Refused(403, HttpMethod.Get, "reconciliation");
        (await trading.As("trader").Refused(403, HttpMethod.Get, "account")).ShouldBe("no-participant");
        await trading.As(null).Refused(401, HttpMethod.Get, "trades");
    }

    [Fact]
    public async Task Whose_role_is_not_the_right_one_is_told_which_are()
    {
        var (_, problem) = await trading.As("auditor", Ann).Send(HttpMethod.Post, "orders/batch", new { items = Array.Empty<object>() });
        (problem.GetProperty("code").GetString(), problem.GetProperty("detail").GetString())
            .ShouldBe(("http-403", "This takes the role emitter or trader; the token has auditor."));
    }

    /// <summary>Passed over, it would have cancelled the orders of all instruments.</summary>
    [Fact]
    public async Task A_filter_that_is_no_parameter_is_not_passed_over()
    {
        (await _trader.Refused(400, HttpMethod.Get, "orders?instrument=UKA")).ShouldBe("invalid-input");
        (await _trader.Refused(400, HttpMethod.Post, "orders/cancellation?instrument=UKA", new { cancellationId = Id("all") })).ShouldBe("invalid-input");
    }

    [Fact]
    public async Task A_market_that_is_not_run_here_is_unknown()
    {
        (await _trader.Refused(404, HttpMethod.Get, "/trading/markets/atlantis/status")).ShouldBe("unknown-market");
        (await _trader.Refused(404, HttpMethod.Get, "book?instrument=GOLD")).ShouldBe("unknown-instrument");
    }

    [Fact]
    public async Task Every_market_of_the_deployment_trades_by_its_own_pack() =>
        (await _trader.Get("/trading/markets/gansu/status")).GetProperty("dayOpen").GetBoolean().ShouldBeFalse();

    [Fact]
    public async Task A_malformed_batch_is_refused_whole_with_every_fault_and_its_path()
    {
        var (status, problem) = await _trader.Send(HttpMethod.Post, "orders/batch", new
        {
            items = new object?[]
            {
                new { orderId = Id("o1"), instrument = "UKA", side = "buy", quantity = 0, priceMinor = 4_500, timeInForce = "day" },
                new { orderId = Id("o1"), instrument = "UKA", side = "buy", quantity = 1, priceMinor = -1, timeInForce = "day" },
                null,
                new { instrument = "" },
            },
        });
        status.ShouldBe(400, problem.ToString());
        problem.GetProperty("code").GetString().ShouldBe("invalid-input");
        Paths(problem).ShouldBe(
        [
            "$.items[0].quantity", "$.items[1].priceMinor", "$.items[1]", "$.items[2]", "$.items[3].orderId", "$.items[3].instrument",
            "$.items[3].side", "$.items[3].quantity", "$.items[3].priceMinor", "$.items[3].timeInForce",
        ]);
        await _trader.Refused(404, HttpMethod.Get, $"orders/{Id("o1")}");
    }

    [Fact]
    public async Task What_is_not_the_form_asked_for_is_not_guessed_at()
    {
        (await _trader.Refused(400, HttpMethod.Post, "orders/batch", new { items = Array.Empty<object>() })).ShouldBe("invalid-input");
        (await _trader.Refused(400, HttpMethod.Post, "orders/batch", new { })).ShouldBe("invalid-input");
        await _trader.Refused(400, HttpMethod.Post, "orders/batch", new { items = new[] { new { quantity = 1.5 } } });
        await _trader.Refused(400, HttpMethod.Post, "orders/batch", new { items = new[] { new { side = "both" } } });
        await _trader.Refused(400, HttpMethod.Post, "orders/batch", new { items = new[] { new { surprise = 1 } } });
        (await _trader.Refused(400, HttpMethod.Get, "trades?limit=501")).ShouldBe("invalid-input");
        (await _trader.Refused(400, HttpMethod.Put, $"withdrawals/{Id("w")}", new { instrument = "UKA", quantity = 1, cashMinor = 1 }))
            .ShouldBe("invalid-input");
    }

    [Theory]
    [InlineData("trades")]
    [InlineData("orders")]
    public async Task Nothing_comes_after_the_last(string list) =>
        (await _trader.Get($"{list}?after={long.MaxValue}")).GetProperty("items").GetArrayLength().ShouldBe(0);

    [Fact]
    public async Task Every_operation_is_described()
    {
        var document = await trading.As(null).Get("/openapi/v1.json");
        var operations = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/trading/markets/", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject()).ToList();
        operations.Count.ShouldBe(51);
        operations.Where(operation => !operation.Value.TryGetProperty("summary", out var summary) || summary.GetString() is not { Length: > 0 })
            .Select(operation => operation.Name).ShouldBeEmpty();
    }

    private static IEnumerable<string?> Paths(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString());
}
