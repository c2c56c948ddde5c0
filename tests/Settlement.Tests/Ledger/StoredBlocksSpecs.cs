using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CsCheck;

namespace CarbonMarket.Settlement.Tests.Ledger;

/// <summary>How the journal keeps the units that a fact moved, for ever.</summary>
public sealed class StoredBlocksSpecs
{
    private static readonly JsonSerializerOptions Stored = new(JsonSerializerDefaults.Web) { Converters = { new StoredBlocks() } };

    [Fact]
    public void Serials_are_told_by_vintage_in_their_order() =>
        JsonSerializer.Serialize(Blocks.Of(Block(2022, 5, 9), Block(2021, 1, 50), Block(2021, 77, 77), Block(2022, 20, long.MaxValue)), Stored)
            .ShouldBe("\"2022:5-9;2021:1-50,77-77;2022:20-9223372036854775807\"");

    [Fact]
    public void What_was_stored_as_objects_is_read_as_before()
    {
        var blocks = Blocks.Of(Block(2021, 1, 50), Block(2022, 5, 9));
        var asObjects = JsonSerializer.Serialize(blocks, JsonSerializerOptions.Web);

        asObjects.ShouldBe("""[{"vintage":2021,"first":1,"last":50},{"vintage":2022,"first":5,"last":9}]""");
        JsonSerializer.Deserialize<Blocks>(asObjects, Stored).ShouldBe(blocks);
    }

    [Theory]
    [InlineData("2021")]
    [InlineData("2021:5")]
    [InlineData("2021:5-")]
    [InlineData("2021:5-6-7")]
    [InlineData("2021:-5-6")]
    [InlineData("twenty:5-6")]
    [InlineData("2021:99999999999999999999-99999999999999999999")]
    public void What_is_no_list_of_serials_is_not_read_as_one(string text) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Blocks>(JsonSerializer.Serialize(text), Stored));

    [Fact]
    public void Any_blocks_come_back_as_they_were() =>
        Gen.Select(Gen.Int[2000, 2099], Gen.Long[1, 1L << 40], Gen.Long[0, 1L << 40], (vintage, first, length) => Block(vintage, first, first + length))
            .Array[0, 40].Sample(blocks =>
                JsonSerializer.Deserialize<Blocks>(JsonSerializer.Serialize(new Blocks(blocks), Stored), Stored).ShouldBe(new Blocks(blocks)));

    private static Block Block(int vintage, long first, long last) => new(ComplianceYear.Of(vintage), first, last);
}
