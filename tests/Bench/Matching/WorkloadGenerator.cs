using System.Globalization;
using System.Numerics;
using System.Text;

namespace CarbonMarket.Bench;

/// <summary>
/// Order flow of one instrument that is the same on every machine: 60 % limit orders near the touch, 30 % cancels (2 % of
/// them of what is dead already), 10 % immediate orders through the touch, integers only. The parameters of the four usual
/// files are those of <see cref="Files"/>.
/// </summary>
/// <param name="levels">Prices there are, from 10,001 up; the middle of the market walks in their middle 40 %.</param>
/// <param name="standing">Orders that shall stand, roughly: immediate orders grow with what stands.</param>
/// <param name="prefill">Limit orders before the first operation.</param>
internal sealed class WorkloadGenerator(int operations, int levels = 1_000, int standing = 20_000, int prefill = 0, uint seed = 20250101)
{
    private const int Base = 10_000;
    private const int Lowest = Base + 1;
    private const int DeadKept = 4_096;

    private readonly NaiveLadder _book = new(Base + levels, operations + prefill + 1);
    private readonly Xoshiro _random = new(seed);
    private readonly List<Operation> _made = new(operations + prefill);
    private readonly List<int> _living = [];
    private readonly int[] _places = new int[operations + prefill + 2];
    private readonly int[] _dead = new int[DeadKept];
    private int _died;
    private int _ids;
    private int _twiceTheMiddle = (2 * Base) + levels;

    public static IReadOnlyDictionary<string, Func<WorkloadGenerator>> Files { get; } = new Dictionary<string, Func<WorkloadGenerator>>(StringComparer.Ordinal)
    {
        ["w100k"] = () => new WorkloadGenerator(100_000),
        ["w1m"] = () => new WorkloadGenerator(1_000_000),
        ["wdeep"] = () => new WorkloadGenerator(1_000_000, levels: 20_000, standing: 200_000, prefill: 200_000),
        ["w10m"] = () => new WorkloadGenerator(10_000_000),
    };

    private int Highest => Base + levels;

    public Operation[] Make()
    {
        _book.Died = Bury;
        for (var i = 0; i < prefill; i++)
            Limit();
        for (var i = 0; i < operations; i++)
        {
            Walk();
            switch (_random.Below(10))
            {
                case < 6:
                    Limit();
                    break;
                case < 9:
                    Cancel();
                    break;
                default:
                    Immediate();
                    break;
            }
        }
        return [.. _made];
    }

    /// <summary>As a line of a workload file: <c>op,orderId,side,price,qty</c>.</summary>
    public static string Line(in Operation operation) => operation.Kind == 'C'
        ? string.Create(CultureInfo.InvariantCulture, $"C,{operation.OrderId},,,\n")
        : string.Create(CultureInfo.InvariantCulture, $"{(char)operation.Kind},{operation.OrderId},{(operation.Buy ? 'B' : 'S')},{operation.Price},{operation.Quantity}\n");

    public static byte[] Text(Operation[] operations)
    {
        var text = new StringBuilder(operations.Length * 18);
        foreach (var operation in operations)
            text.Append(Line(operation));
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private void Walk()
    {
        if (_random.Below(50) != 0)
            return;
        _twiceTheMiddle += _random.Below(2) != 0 ? 1 : -1;
        var (centre, span) = ((2 * Base) + levels, Math.Max(4, levels / 5));
        if (_twiceTheMiddle > centre + (2 * span))
            _twiceTheMiddle--;
        if (_twiceTheMiddle < centre - (2 * span))
            _twiceTheMiddle++;
    }

    private void Limit()
    {
        var (buy, distance, middle) = (_random.Below(2) == 0, Distance(), _twiceTheMiddle >> 1);
        var price = Math.Clamp(buy ? middle - distance + 1 : middle + distance, Lowest, Highest);
        var quantity = 1 + _random.Below(100);
        Make(new Operation((byte)'L', buy, ++_ids, price, quantity));
        if (!_book.IsLiving(_ids))
            return;
        _places[_ids] = _living.Count;
        _living.Add(_ids);
    }

    /// <summary>Eight ticks on average, with a tail of 10 % over the whole ladder.</summary>
    private int Distance()
    {
        if (_random.Below(10) == 0)
            return 1 + _random.Below(Math.Max(8, levels * 2 / 5));
        var distance = 1;
        while (_random.Below(8) != 0 && distance < 64)
            distance++;
        return distance;
    }

    private void Cancel()
    {
        if (_died > 0 && _random.Below(50) == 0)
            Make(new Operation((byte)'C', Buy: false, _dead[_random.Below(Math.Min(_died, DeadKept))], 0, 0));
        else if (_living.Count > 0)
            Make(new Operation((byte)'C', Buy: false, _living[_random.Below(_living.Count)], 0, 0));
        else
            Limit();
    }

    private void Immediate()
    {
        var buy = _random.Below(2) == 0;
        var best = buy ? _book.BestAsk : _book.BestBid;
        if (buy ? best > Highest : best < Lowest)
        {
            Limit();
            return;
        }
        var scale = Math.Clamp(4 * _book.Standing / standing, 1, 8);
        var quantity = 1 + _random.Below(75 * scale);
        Make(new Operation((byte)'I', buy, ++_ids, Math.Clamp(buy ? best + 10 : best - 10, Lowest, Highest), quantity));
    }

    private void Make(in Operation operation)
    {
        _made.Add(operation);
        _book.Do(operation);
    }

    private void Bury(int order)
    {
        var (place, last) = (_places[order], _living[^1]);
        _living[place] = last;
        _places[last] = place;
        _living.RemoveAt(_living.Count - 1);
        _dead[_died++ % DeadKept] = order;
    }

    /// <summary>xoshiro128**, seeded by splitmix32.</summary>
    private sealed class Xoshiro
    {
        private uint _a;
        private uint _b;
        private uint _c;
        private uint _d;

        public Xoshiro(uint seed)
        {
            uint Next()
            {
                seed = unchecked(seed + 0x9E3779B9);
                var mixed = seed ^ (seed >> 16);
                mixed = unchecked(mixed * 0x21F0AAAD);
                mixed ^= mixed >> 15;
                mixed = unchecked(mixed * 0x735A2D97);
                return mixed ^ (mixed >> 15);
            }

            (_a, _b, _c, _d) = (Next(), Next(), Next(), Next());
        }

        public int Below(int bound)
        {
            var drawn = unchecked(BitOperations.RotateLeft(_b * 5, 7) * 9);
            var shifted = _b << 9;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = BitOperations.RotateLeft(_d, 11);
            return (int)(drawn % (uint)bound);
        }
    }
}
