using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.DropCopy;

namespace CarbonMarket.Trading.Tests.DropCopy;

/// <summary>Where a consumer of a drop copy may begin.</summary>
public sealed class BeginningSpecs
{
    [Theory]
    [InlineData(null, 5_000L, 1_000L, null)]
    [InlineData(0L, 1_000L, 1_000L, null)]
    [InlineData(4_000L, 5_000L, 1_000L, null)]
    [InlineData(3_999L, 5_000L, 1_000L, "too-far-back")]
    [InlineData(0L, 5_000L, null, null)]
    [InlineData(5_001L, 5_000L, 1_000L, "out-of-range")]
    [InlineData(-1L, 500L, 1_000L, "out-of-range")]
    public void A_participant_begins_within_reach_and_a_supervisor_anywhere(long? after, long version, long? reach, string? fault)
    {
        var faults = new Faults();
        StreamDropCopy.Beginning(version, after, reach, faults).ShouldBe(after ?? version);
        faults.All.Select(found => found.Code).ShouldBe(fault is null ? [] : [fault]);
    }
}
