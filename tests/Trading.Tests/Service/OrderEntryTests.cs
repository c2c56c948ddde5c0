using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using CarbonMarket.Trading.Streaming;
using Google.Protobuf;
using Grpc.Core;
using static CarbonMarket.Contracts.Trading.V1.Grpc.NewOrder.Types;
using Status = CarbonMarket.Contracts.Trading.V1.Grpc.OrderEntryResult.Types.Status;
using Session = Grpc.Core.AsyncDuplexStreamingCall<CarbonMarket.Contracts.Trading.V1.Grpc.OrderEntryRequest, CarbonMarket.Contracts.Trading.V1.Grpc.OrderEntryReply>;

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>Order entry over gRPC, on a real store.</summary>
public sealed class OrderEntryTests(TradingService trading) : IClassFixture<TradingService>
{
    [Fact]
    public async Task Orders_trade_over_a_stream_and_every_request_has_one_reply_in_its_order()
    {
        var (buyer, seller) = (await Trader(cash: 1_000_000), await Trader(units: 100));
        using var selling = await Begin(seller);
        using var buying = await Begin(buyer);
        var offer = Order(Side.Sell, 40, 5_000);
        (await Ask(selling, 7, offer, Order(Side.Sell, 100, 5_000))).ShouldSatisfyAllConditions(
            reply => reply.Tag.ShouldBe(7u),
            reply => reply.Results[0].ShouldBe(new OrderEntryResult { OrderId = offer.OrderId, Status = Status.Open }),
            reply => reply.Results[1].Code.ShouldBe("insufficient-units"),
            reply => reply.JournalVersion.ShouldBeGreaterThan(0));

        var bid = Order(Side.Buy, 30, 5_100, TimeInForce.Ioc);
        await buying.RequestStream.WriteAsync(new OrderEntryRequest { Tag = 1, Place = new NewOrders { Orders = { bid } } });
        await buying.RequestStream.WriteAsync(new OrderEntryRequest { Tag = 2, Cancel = new OrderCancellation { OrderId = bid.OrderId } });
        (await Next(buying)).Results.Single().ShouldBe(new OrderEntryResult { OrderId = bid.OrderId, FilledQuantity = 30, Status = Status.Filled });
        (await Next(buying)).ShouldSatisfyAllConditions(reply => reply.Tag.ShouldBe(2u), reply => reply.Results.Single().Code.ShouldBe("order-finished"));

        (await trading.As("trader", seller).Get($"orders/{Text(offer)}")).GetProperty("filledQuantity").GetInt64().ShouldBe(30);
    }

    [Fact]
    public async Task What_has_no_reply_is_asked_again_by_any_door_and_done_once()
    {
        var buyer = await Trader(cash: 1_000_000);
        using var session = await Begin(buyer);
        var bid = Order(Side.Buy, 10, 2_000);
        var first = await Ask(session, 1, bid);
        using var again = await Begin(buyer);
        (await Ask(again, 1, bid)).Results.ShouldBe(first.Results);
        (await trading.As("trader", buyer).Post("orders", new
        {
            orderId = Text(bid), instrument = "UKA", side = "buy", quantity = 10, priceMinor = 2_000, timeInForce = "day",
        })).GetProperty("status").GetString().ShouldBe("open");
        (await Ask(again, 2, With(bid, quantity: 11))).Results.Single().Code.ShouldBe("command-id-reused");
        (await trading.As("trader", buyer).Get("account")).GetProperty("cash").GetProperty("reservedMinor").GetInt64().ShouldBe(20_000);
    }

    [Fact]
    public async Task What_went_with_its_session_is_asked_again_over_another_and_answered_as_the_first_time()
    {
        var buyer = await Trader(cash: 1_000_000);
        var bid = Order(Side.Buy, 10, 2_020);
        var session = await Begin(buyer, cancelOnDisconnect: true);
        var first = await Ask(session, 1, bid);
        session.Dispose();
        await Eventually.Holds("the order of the session has gone", async () => await StatusOf(buyer, bid) == "cancelled");
        using var again = await Begin(buyer, cancelOnDisconnect: true);
        (await Ask(again, 1, bid)).Results.ShouldBe(first.Results);
        (await StatusOf(buyer, bid)).ShouldBe("cancelled", "It is the same order, and it went with its session.");
    }

    [Fact]
    public async Task An_order_that_was_cancelled_before_it_came_is_cancelled_when_it_is_there()
    {
        var buyer = await Trader(cash: 1_000_000);
        using var session = await Begin(buyer);
        var bid = Order(Side.Buy, 10, 2_021);
        var cancellation = new OrderEntryRequest { Tag = 1, Cancel = new OrderCancellation { OrderId = bid.OrderId } };
        var early = await Ask(session, cancellation);
        early.Results.Single().Code.ShouldBe("unknown-order");
        (await Ask(session, cancellation)).JournalVersion.ShouldBe(early.JournalVersion, "However often it is asked, nothing is kept of it.");
        await Ask(session, 2, bid);
        var cancelled = (await Ask(session, cancellation)).Results.Single();
        (cancelled.Status, cancelled.CancelReason).ShouldBe((Status.Cancelled, "requested"));
        (await Ask(session, cancellation)).Results.Single().ShouldBe(cancelled);
    }

    [Fact]
    public async Task A_mass_cancel_that_found_nothing_takes_nothing_when_it_is_asked_again()
    {
        var buyer = await Trader(cash: 1_000_000);
        using var session = await Begin(buyer);
        var all = new OrderEntryRequest { Tag = 1, CancelAll = new MassCancellation { CancellationId = NewId() } };
        (await Ask(session, all)).Results.Single().Cancelled.ShouldBe(0);
        var bid = Order(Side.Buy, 10, 2_022);
        await Ask(session, 2, bid);
        (await Ask(session, all)).Results.Single().Cancelled.ShouldBe(0);
        (await StatusOf(buyer, bid)).ShouldBe("open", "It was placed after what was asked.");
    }

    [Fact]
    public async Task A_replacement_that_changed_nothing_changes_nothing_when_it_is_asked_again()
    {
        var buyer = await Trader(cash: 1_000_000);
        using var session = await Begin(buyer);
        var bid = Order(Side.Buy, 10, 2_023);
        await Ask(session, 1, bid);
        OrderEntryRequest To(uint tag, ByteString id, long price) => new()
        {
            Tag = tag, Replace = new OrderReplacement { ReplacementId = id, OrderId = bid.OrderId, Quantity = 10, PriceMinor = price },
        };
        var stays = To(2, NewId(), 2_023);
        await Ask(session, stays);
        await Ask(session, To(3, NewId(), 2_024));
        await Ask(session, stays);
        (await trading.As("trader", buyer).Send(HttpMethod.Get, $"orders/{Text(bid)}")).Body.GetProperty("priceMinor").GetInt64().ShouldBe(2_024);
    }

    [Fact]
    public async Task A_side_that_nobody_knows_is_not_taken_for_both()
    {
        var buyer = await Trader(cash: 1_000_000);
        using var session = await Begin(buyer);
        var bid = Order(Side.Buy, 10, 2_025);
        await Ask(session, 1, bid);
        var refused = (await Ask(session, new OrderEntryRequest
        {
            Tag = 2, CancelAll = new MassCancellation { CancellationId = NewId(), Side = (Side)3 },
        })).Results.Single();
        (refused.Code, refused.Reason).ShouldBe(("invalid-input", "side: One of BUY, SELL and SIDE_UNSPECIFIED, which is both."));
        (await StatusOf(buyer, bid)).ShouldBe("open");
    }

    [Fact]
    public async Task A_session_that_ends_while_the_market_is_loaded_anew_loses_its_orders_when_it_is_back()
    {
        var buyer = await Trader(cash: 1_000_000);
        var lost = Order(Side.Buy, 10, 2_013);
        var session = await Begin(buyer, cancelOnDisconnect: true);
        await Ask(session, 1, lost);
        await trading.BreakTheJournalsConnection();
        session.Dispose();
        await Eventually.Holds("the order of the session has gone", async () =>
            (await trading.As("trader", buyer).Send(HttpMethod.Get, $"orders/{Text(lost)}")) is { Status: 200, Body: var order }
            && order.GetProperty("status").GetString() == "cancelled");
    }

    [Fact]
    public async Task A_caller_has_only_so_many_sessions_open()
    {
        var trader = await Trader(cash: 1_000);
        var sessions = new List<Session>();
        var refusal = await Should.ThrowAsync<RpcException>(async () =>
        {
            for (var i = 0; i <= new StreamingOptions().StreamsPerCaller; i++)
                sessions.Add(await Begin(trader, subject: "greedy"));
        });
        (refusal.StatusCode, refusal.Status.Detail[..16]).ShouldBe((StatusCode.ResourceExhausted, "too-many-streams"));
        sessions.ForEach(session => session.Dispose());
        await Eventually.Holds("there is room again", async () =>
        {
            try
            {
                using var session = await Begin(trader, subject: "greedy");
                return true;
            }
            catch (RpcException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Orders_are_replaced_and_cancelled_by_one_or_all()
    {
        var buyer = await Trader(cash: 1_000_000);
        using var session = await Begin(buyer);
        var (first, second) = (Order(Side.Buy, 10, 2_001), Order(Side.Buy, 10, 2_002));
        await Ask(session, 1, first, second);
        (await Ask(session, new OrderEntryRequest
        {
            Tag = 2, Replace = new OrderReplacement { ReplacementId = NewId(), OrderId = first.OrderId, Quantity = 5, PriceMinor = 2_003 },
        })).Results.Single().Status.ShouldBe(Status.Open);
        (await Ask(session, new OrderEntryRequest { Tag = 3, Cancel = new OrderCancellation { OrderId = second.OrderId } }))
            .Results.Single().Status.ShouldBe(Status.Cancelled);
        (await Ask(session, new OrderEntryRequest { Tag = 4, CancelAll = new MassCancellation { CancellationId = NewId() } }))
            .Results.Single().Cancelled.ShouldBe(1);
        (await trading.As("trader", buyer).Get("account")).GetProperty("cash").GetProperty("reservedMinor").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_malformed_request_is_refused_whole_with_every_fault_and_the_session_goes_on()
    {
        var buyer = await Trader(cash: 1_000_000);
        using var session = await Begin(buyer);
        var reply = await Ask(session, 1, Order(Side.Buy, 1, 2_000), new NewOrder { OrderId = ByteString.CopyFromUtf8("short"), Quantity = -1 });
        reply.Results.Select(result => result.Code).ShouldBe(["invalid-input", "invalid-input"]);
        foreach (var path in new[] { "$.items[1].orderId", "$.items[1].instrument", "$.items[1].side", "$.items[1].quantity", "$.items[1].timeInForce" })
            reply.Results[0].Reason.ShouldContain(path);
        (await Ask(session, 2, Order(Side.Buy, 1, 2_000))).Results.Single().Code.ShouldBeEmpty();
    }

    /// <summary>One character that PostgreSQL does not know must not fail what others have sent.</summary>
    [Fact]
    public async Task Text_that_no_store_keeps_comes_no_further_than_the_door()
    {
        var buyer = await Trader(cash: 1_000_000);
        using var session = await Begin(buyer);
        var bid = Order(Side.Buy, 1, 2_000);
        bid.Instrument = "\0";
        (await Ask(session, 1, bid)).Results.Single().Code.ShouldBe("invalid-input");
        var (status, problem) = await trading.As("trader", buyer).Send(HttpMethod.Post, "orders", new
        {
            orderId = Guid.CreateVersion7(), instrument = "\0", side = "buy", quantity = 1, priceMinor = 2_000, timeInForce = "day",
        });
        (status, problem.GetProperty("code").GetString()).ShouldBe((400, "unreadable-request"));
        problem.GetProperty("detail").GetString()!.ShouldContain("$.instrument", customMessage: "A refusal says where.");
        (await Ask(session, 2, Order(Side.Buy, 1, 2_000))).Results.Single().Code.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PUT", "orders/5f9f2c1e-0000-4000-8000-000000000001", "$.replacementId", "$.quantity", "$.priceMinor")]
    [InlineData("POST", "orders/cancellation", "$.cancellationId")]
    public async Task A_fault_is_named_by_its_place_in_the_body(string method, string path, params string[] places)
    {
        var (status, problem) = await trading.As("trader", Guid.CreateVersion7()).Send(new HttpMethod(method), path, new { });
        status.ShouldBe(400);
        problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("path").GetString()).ShouldBe(places);
    }

    [Fact]
    public async Task A_session_that_asked_for_it_loses_its_orders_with_the_stream_and_others_keep_theirs()
    {
        var buyer = await Trader(cash: 1_000_000);
        var (kept, lost) = (Order(Side.Buy, 10, 2_010), Order(Side.Buy, 10, 2_011));
        using var lasting = await Begin(buyer);
        await Ask(lasting, 1, kept);
        var passing = await Begin(buyer, cancelOnDisconnect: true);
        await Ask(passing, 1, lost);
        passing.Dispose();
        lasting.Dispose();
        await Eventually.Holds("the order of the session has gone", async () => await StatusOf(buyer, lost) == "cancelled");
        (await StatusOf(buyer, kept)).ShouldBe("open");
    }

    [Fact]
    public async Task A_session_whose_service_died_loses_its_orders_too()
    {
        var buyer = await Trader(cash: 1_000_000);
        var lost = Order(Side.Buy, 10, 2_012);
        using var session = await Begin(buyer, cancelOnDisconnect: true);
        await Ask(session, 1, lost);
        await trading.Restart();
        await Eventually.Holds("the order of the session has gone", async () => await StatusOf(buyer, lost) == "cancelled");
    }

    [Fact]
    public async Task Only_a_trader_comes_in_and_a_session_starts_with_its_start()
    {
        (await Refused("auditor", Guid.CreateVersion7(), Start())).ShouldBe(StatusCode.PermissionDenied);
        (await Refused("trader", Guid.Empty, Start())).ShouldBe(StatusCode.PermissionDenied);
        (await Refused("trader", Guid.CreateVersion7(), Start("atlantis"))).ShouldBe(StatusCode.NotFound);
        (await Refused("trader", Guid.CreateVersion7(), new OrderEntryRequest { Place = new NewOrders() })).ShouldBe(StatusCode.InvalidArgument);
        using var session = await Begin(Guid.CreateVersion7());
        await session.RequestStream.WriteAsync(Start());
        (await Should.ThrowAsync<RpcException>(Next(session))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_outlives_its_token_is_told_so_whether_it_has_begun_or_said_nothing(bool begins)
    {
        var headers = TradingService.Headers("trader", Guid.CreateVersion7());
        headers.Add(TestCaller.ExpiryHeader, $"{TimeProvider.System.GetUtcNow().AddSeconds(3).ToUnixTimeSeconds()}");
        using var channel = trading.Grpc();
        using var session = new OrderEntry.OrderEntryClient(channel).Trade(headers);
        if (begins)
            (await Ask(session, Start())).Results.Single().ShouldBe(new OrderEntryResult());

        var ended = (await Should.ThrowAsync<RpcException>(Next(session))).Status;

        (ended.StatusCode, ended.Detail).ShouldBe((StatusCode.Unauthenticated, "The token of this session has expired; start another with a new one."));
    }

    private async Task<StatusCode> Refused(string role, Guid participant, OrderEntryRequest first)
    {
        using var session = trading.OrderEntry(role, participant);
        try
        {
            await session.RequestStream.WriteAsync(first);
        }
        catch (RpcException)
        {
            // Refused before it was written: why, the reading tells.
        }
        return (await Should.ThrowAsync<RpcException>(Next(session))).StatusCode;
    }

    private async Task<Session> Begin(Guid participant, bool cancelOnDisconnect = false, string? subject = null)
    {
        var session = trading.OrderEntry("trader", participant, subject);
        (await Ask(session, Start(cancelOnDisconnect: cancelOnDisconnect))).Results.Single().ShouldBe(new OrderEntryResult());
        return session;
    }

    private async Task<Guid> Trader(long cash = 0, long units = 0)
    {
        var participant = Guid.CreateVersion7();
        await trading.Fund(participant, cash > 0 ? null : "UKA", cash + units);
        await Eventually.Holds("the account is funded", async () =>
            (await trading.As("trader", participant).Send(HttpMethod.Get, "account")) is { Status: 200, Body: var account }
            && (cash > 0 ? account.GetProperty("cash").GetProperty("availableMinor").GetInt64() == cash : account.GetProperty("units").GetArrayLength() == 1));
        return participant;
    }

    private async Task<string?> StatusOf(Guid participant, NewOrder order) =>
        (await trading.As("trader", participant).Get($"orders/{Text(order)}")).GetProperty("status").GetString();

    private static Task<OrderEntryReply> Ask(Session session, ulong tag, params NewOrder[] orders) =>
        Ask(session, new OrderEntryRequest { Tag = tag, Place = new NewOrders { Orders = { orders } } });

    private static async Task<OrderEntryReply> Ask(Session session, OrderEntryRequest request)
    {
        await session.RequestStream.WriteAsync(request);
        return await Next(session);
    }

    private static async Task<OrderEntryReply> Next(Session session)
    {
        (await session.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        return session.ResponseStream.Current;
    }

    private static OrderEntryRequest Start(string market = TradingService.Market, bool cancelOnDisconnect = false) =>
        new() { Start = new SessionStart { Market = market, CancelOnDisconnect = cancelOnDisconnect } };

    private static NewOrder Order(Side side, long quantity, long price, TimeInForce life = TimeInForce.Day) => new()
    {
        OrderId = NewId(), Instrument = "UKA", Side = side, Quantity = quantity, PriceMinor = price, TimeInForce = life,
    };

    private static NewOrder With(NewOrder order, long quantity)
    {
        var other = order.Clone();
        other.Quantity = quantity;
        return other;
    }

    private static ByteString NewId() => ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true));

    private static string Text(NewOrder order) => new Guid(order.OrderId.Span, bigEndian: true).ToString();
}
