using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CarbonMarket.MainJob.Plan;

/// <summary>
/// SplitMix64. System.Random promises no algorithm between versions of .NET, and the market played from one seed must
/// stay the same for ever, so the dozen lines are ours. Each purpose, operator and year has a generator of its own: adding
/// an operator does not change what the others do.
/// </summary>
public sealed class SeededRandom
{
    private ulong _state;

    private SeededRandom(ulong state) => _state = state;

    public static SeededRandom For(long seed, string purpose, int year, string operatorId = "")
    {
        var name = Encoding.UTF8.GetBytes($"{seed}:{purpose}:{year}:{operatorId}");
        return new SeededRandom(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(name)));
    }

    /// <summary>A number from 0 up to and without <paramref name="bound"/>.</summary>
    public long Below(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        // The bias of a remainder is far below anything a market of whole tonnes can show.
        return (long)(Next() % (ulong)bound);
    }

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public long Between(long least, long most) => least + Below(most - least + 1);

    public IReadOnlyList<T> Shuffled<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        for (var last = shuffled.Length - 1; last > 0; last--)
        {
            var other = (int)Below(last + 1);
            (shuffled[last], shuffled[other]) = (shuffled[other], shuffled[last]);
        }
        return shuffled;
    }

    private ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
