using System.Collections.Immutable;

namespace CarbonMarket.Verification.Engagements;

/// <summary>The verifier's time: it stands still while the entity owes it information (补充材料期间不计时).</summary>
public static class StatementTime
{
    /// <summary>
    /// The last legal day for the statement: later by each day on which a request was open, from the day it was asked to the
    /// day before it was answered, however many were open that day. Null: none, or a request is open.
    /// </summary>
    public static DateOnly? LastDay(DateOnly? statementBy, ImmutableArray<InformationRequest> requests) =>
        statementBy is not { } by || requests.Any(request => request.AnsweredOn is null) ? null : by.AddDays(Math.Min(PausedDays(requests), DateOnly.MaxValue.DayNumber - by.DayNumber));

    private static int PausedDays(ImmutableArray<InformationRequest> requests)
    {
        var (paused, counted) = (0, DateOnly.MinValue);
        foreach (var request in requests.OrderBy(request => request.AskedOn))
        {
            var (from, to) = (request.AskedOn > counted ? request.AskedOn : counted, request.AnsweredOn!.Value);
            if (to <= from)
                continue;
            paused += to.DayNumber - from.DayNumber;
            counted = to;
        }

        return paused;
    }
}
