using System.Text;
using System.Text.Json;
using CarbonMarket.ServiceDefaults.Tests.Outbox;
using CarbonMarket.Testing.Servers;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Tests.EventStore;

public sealed class JsonbOrderTests
{
    private sealed record Weighed(Guid ParcelId, int Kilograms, string To, Inner Of, IReadOnlyList<Inner> Parts, string Zähler);

    private sealed record Inner(string Name, long At, decimal? Sum);

    /// <summary>What the server has to sort it sorts for each row, and of a row that takes a tenth.</summary>
    [Fact]
    public async Task An_event_is_written_as_the_server_keeps_it()
    {
        var database = await RealServers.CreateDatabase("order");
        await using var service = await ParcelService.StartBeside(database, await RealServers.CreateVirtualHost());
        var serializer = service.Serializer;
        var written = serializer.ToJson(new Weighed(
            new Guid("5f9f2c1e-0000-4000-8000-000000000001"), 3, "Lanzhou", new Inner("兰州", 5, 1.50m), [new Inner("b", 2, null)], "z"));

        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var ask = new NpgsqlCommand("select ($1::text)::jsonb::text", connection) { Parameters = { new NpgsqlParameter { Value = written } } };
        var kept = (string)(await ask.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        Keys(written).ShouldBe(Keys(kept));
        Keys(written)[0].ShouldBe("of");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(kept));
        (await serializer.FromJsonAsync<Weighed>(stream, TestContext.Current.CancellationToken)).Kilograms.ShouldBe(3);
    }

    private static List<string> Keys(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Of(document.RootElement)];

        static IEnumerable<string> Of(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Of(member.Value).Prepend(member.Name)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Of),
            _ => [],
        };
    }
}
