using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using CarbonMarket.Bench.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Bench.Edges;

/// <summary>Orders as JSON over HTTP/1.1, each caller on a connection of its own.</summary>
internal sealed class RestOrders : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient http;
    private readonly Uri one;
    private readonly Uri batch;
    private readonly Uri bare;
    private readonly (OrderFlow Flow, AuthenticationHeaderValue Token)[] callers;

    private RestOrders(Uri gateway, Uri bareGateway, (OrderFlow, AuthenticationHeaderValue)[] callers)
    {
        one = new Uri(gateway, $"trading/markets/{EdgeSystem.Market}/orders");
        batch = new Uri(gateway, $"trading/markets/{EdgeSystem.Market}/orders/batch");
        bare = new Uri(bareGateway, BareServers.Path);
        this.callers = callers;
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = callers.Length, UseProxy = false });
    }

    public static async Task<RestOrders> Of(EdgeSystem system, Uri bareGateway, int seed, CancellationToken cancellationToken)
    {
        var firms = new List<(OrderFlow, AuthenticationHeaderValue)>();
        foreach (var firm in system.Firms)
            firms.Add((new OrderFlow(seed + firms.Count, [firm.ParticipantId]), new("Bearer", await system.Token(firm, cancellationToken))));
        return new RestOrders(system.Gateway, bareGateway, [.. firms]);
    }

    public Task One(int caller, CancellationToken cancellationToken) =>
        Post(one, caller, Body(json => Write(json, callers[caller].Flow)), cancellationToken);

    public Task Batch(int caller, int orders, CancellationToken cancellationToken) => Post(batch, caller, Body(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        for (var i = 0; i < orders; i++)
            Write(json, callers[caller].Flow);
        json.WriteEndArray();
        json.WriteEndObject();
    }), cancellationToken);

    /// <summary>The same request, token and all, to where nothing is done with it.</summary>
    public Task Bare(int caller, CancellationToken cancellationToken) =>
        Post(bare, caller, Body(json => Write(json, callers[caller].Flow)), cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task Post(Uri to, int caller, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, to);
        request.Headers.Authorization = callers[caller].Token;
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = Json;
        using var response = await http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode || answer.AsSpan().IndexOf("rejected"u8) >= 0)
            throw new InvalidOperationException($"{to} refused ({response.StatusCode}): {System.Text.Encoding.UTF8.GetString(answer)}");
    }

    private static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(body);
        write(json);
        json.Flush();
        return body.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, OrderFlow flow)
    {
        var order = flow.NextOrder(RunningMarket.Morning);
        json.WriteStartObject();
        json.WriteString("orderId"u8, order.OrderId);
        json.WriteString("instrument"u8, order.Instrument);
        json.WriteString("side"u8, order.Side == Side.Buy ? "buy"u8 : "sell"u8);
        json.WriteNumber("quantity"u8, order.Quantity.Value);
        json.WriteNumber("priceMinor"u8, order.Price!.Value.MinorPerUnit);
        json.WriteString("timeInForce"u8, order.TimeInForce == TimeInForce.Ioc ? "ioc"u8 : "day"u8);
        json.WriteEndObject();
    }
}
